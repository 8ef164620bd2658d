"""Bulletins: drafts that nobody sees, what was published, and what was said since."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portico.kit.errors import PorticoError
from portico.ledger import bulletins
from portico.ledger.bulletins import Said, Written
from portico.ledger.ledger import Ledger

SLOW = Written("incident", "Pages are slow", "investigating", "We look into it.", ("site",), incident=4)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path / "ledger.db")
    yield made
    made.close()


def test_a_draft_is_seen_by_nobody_until_it_is_published(ledger: Ledger):
    number = bulletins.draft(ledger, SLOW, by="ada")
    assert bulletins.published(ledger) == []
    assert [one.id for one in bulletins.drafts(ledger)] == [number]
    bulletins.publish(ledger, number, by="ada")
    [found] = bulletins.published(ledger)
    assert (found.title, found.affected, found.state, found.incident) == (
        "Pages are slow",
        ("site",),
        "investigating",
        4,
    )
    assert found.updates[0].at == found.published


def test_a_draft_can_be_rewritten_and_discarded_what_is_published_can_not(ledger: Ledger):
    number = bulletins.draft(ledger, SLOW, by="ada")
    bulletins.rewrite(ledger, number, replace(SLOW, title="Pages are very slow"), by="ada")
    assert bulletins.get(ledger, number).title == "Pages are very slow"
    bulletins.publish(ledger, number, by="ada")
    for act in (bulletins.publish, bulletins.discard):
        with pytest.raises(PorticoError, match="published already"):
            act(ledger, number, by="ada")
    other = bulletins.draft(ledger, SLOW, by="ada")
    bulletins.discard(ledger, other, by="ada")
    with pytest.raises(PorticoError, match="no bulletin"):
        bulletins.get(ledger, other)


def test_what_is_said_since_stands_in_its_order(ledger: Ledger):
    number = bulletins.draft(ledger, SLOW, by="ada")
    with pytest.raises(PorticoError, match="isn't published yet"):
        bulletins.update(ledger, number, Said("resolved", "Well again."), by="ada")
    bulletins.publish(ledger, number, by="ada")
    bulletins.update(ledger, number, Said("resolved", "Well again."), by="grace")
    found = bulletins.get(ledger, number)
    assert [one.state for one in found.updates] == ["investigating", "resolved"]
    assert found.over


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": "rumour"}, "one of incident, planned"),
        ({"title": " "}, "a title of one line"),
        ({"title": "a\nb"}, "a title of one line"),
        ({"state": "planned"}, "the state to be one of"),
        ({"text": " \n"}, "some words"),
        ({"kind": "planned", "state": "planned"}, "when planned work begins"),
        ({"kind": "planned", "state": "planned", "starts": 9.0, "ends": 8.0}, "end after it begins"),
    ],
)
def test_what_is_missing_is_said(ledger: Ledger, changes: dict[str, object], why: str):
    with pytest.raises(PorticoError, match=why):
        bulletins.draft(ledger, replace(SLOW, **changes), by="ada")


def test_who_said_what_stands_in_the_chain(ledger: Ledger):
    number = bulletins.draft(ledger, SLOW, by="ada")
    bulletins.publish(ledger, number, by="ada")
    bulletins.update(ledger, number, Said("resolved", "Well again."), by="grace")
    kinds = [(event.kind, event.data["by"]) for event in ledger.events()]
    assert kinds == [
        ("bulletin.drafted", "ada"),
        ("bulletin.published", "ada"),
        ("bulletin.updated", "grace"),
    ]
    assert bulletins.of_incident(ledger, 4).id == number


@pytest.mark.parametrize("wrong", [{"title": "Slow\x0b pages"}, {"text": "We look\x00 into it."}])
def test_control_characters_which_no_feed_can_hold_are_refused(ledger: Ledger, wrong):
    with pytest.raises(PorticoError, match="without control characters"):
        bulletins.draft(ledger, replace(SLOW, **wrong), by="ada")


@pytest.mark.parametrize("letter", [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))])
def test_what_turns_the_direction_of_writing_is_refused(ledger: Ledger, letter: str):
    """`portico statuspage list` would show it in a terminal, and a mail in its subject."""
    turned = f"All is {letter}lost"
    for wrong in ({"title": turned}, {"text": turned}, {"texts": {"de": turned}}):
        with pytest.raises(PorticoError, match="without control characters"):
            bulletins.draft(ledger, replace(SLOW, **wrong), by="ada")


@pytest.mark.parametrize("words", ["השירות איטי", "الخدمة بطيئة", "Family 👩\u200d💻", "soft\u00adhyphen"])
def test_words_of_any_language_may_be_said(ledger: Ledger, words: str):
    number = bulletins.draft(ledger, replace(SLOW, title=words, text=words), by="ada")
    assert bulletins.get(ledger, number).title == words


def test_what_is_said_in_several_languages_is_kept_with_each(ledger: Ledger):
    both = replace(SLOW, language="en", titles={"de": "Langsam"}, texts={"de": "Wir sehen nach.\r\nGleich."})
    number = bulletins.draft(ledger, both, by="ada")
    bulletins.publish(ledger, number, by="ada")
    bulletins.update(ledger, number, Said("resolved", "Well.", {"de": "Gut."}), by="ada")
    [found] = bulletins.published(ledger)
    assert (found.language, found.titles) == ("en", {"de": "Langsam"})
    assert [said.texts for said in found.updates] == [{"de": "Wir sehen nach.\nGleich."}, {"de": "Gut."}]


@pytest.mark.parametrize(
    "wrong", [{"titles": {"de": "a\nb"}}, {"titles": {"de": " "}}, {"texts": {"de": "x" * 4001}}]
)
def test_words_in_another_language_are_held_to_the_same(ledger: Ledger, wrong: dict[str, dict[str, str]]):
    with pytest.raises(PorticoError):
        bulletins.draft(ledger, replace(SLOW, **wrong), by="ada")


def test_bulletins_of_before_there_were_languages_are_english(tmp_path: Path):
    with contextlib.closing(Ledger(tmp_path / "old.db")) as made:
        bulletins.draft(made, SLOW, by="ada")
    with contextlib.closing(sqlite3.connect(tmp_path / "old.db")) as older:
        for table, column in (
            ("bulletins", "language"),
            ("bulletins", "titles"),
            ("bulletin_updates", "texts"),
        ):
            older.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    with contextlib.closing(Ledger(tmp_path / "old.db")) as made:
        [found] = bulletins.drafts(made)
    assert (found.language, found.titles, found.updates[0].texts) == ("en", {}, {})
