"""`portico statuspage`: what people say to the public, from the terminal."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from portico.cli.app import app
from portico.config.home import Home
from portico.ledger import bulletins
from portico.ledger.ledger import Ledger

Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home").create()
    Ledger(made.ledger).close()
    return made


@pytest.fixture
def run(home: Home, tmp_path: Path) -> Run:
    settings = tmp_path / "portico.toml"
    settings.write_text('[notify]\ntimezone = "Europe/Berlin"\n')

    def ask(*words: str) -> Result:
        place = ["--config", str(settings), "--home", str(home.root), "statuspage"]
        return CliRunner().invoke(app, [*place, *words])

    return ask


def said(home: Home) -> list[bulletins.Bulletin]:
    ledger = Ledger(home.ledger)
    try:
        return bulletins.published(ledger)
    finally:
        ledger.close()


def test_what_is_posted_is_public_until_it_is_resolved(run: Run, home: Home):
    assert run("post", "Pages are slow", "--text", "We look into it.", "--affects", "site").exit_code == 0
    assert [one.state for one in said(home)] == ["investigating"]
    assert run("update", "1", "identified", "--text", "We know.").exit_code == 0
    assert run("resolve", "1", "--text", "All is well.").exit_code == 0
    assert said(home)[0].over
    assert json.loads(run("list", "--json").stdout) == []
    assert len(json.loads(run("list", "--all", "--json").stdout)) == 1


def test_a_draft_waits_for_its_publishing(run: Run, home: Home):
    run("post", "Pages are slow", "--text", "We look into it.", "--draft")
    assert said(home) == []
    assert "draft" in run("list").stdout
    assert run("publish", "1").exit_code == 0
    assert len(said(home)) == 1


def test_nothing_is_promised_while_nobody_renews_the_page(run: Run, home: Home):
    ledger = Ledger(home.ledger)
    for keeper in (False, True):
        if keeper:
            ledger.see("status", {})
        promised = [
            run("post", "Pages are slow", "--text", "We look into it."),
            run("update", "1", "identified", "--text", "We know."),
            run("resolve", "1", "--text", "All is well."),
        ]
        run("post", "Pages are slow", "--text", "We look into it.", "--draft")
        promised.append(run("publish", str(bulletins.drafts(ledger)[0].id)))
        for answer in promised:
            assert ("within seconds" in answer.stdout) is keeper
            assert ("The keeper is silent" in answer.stdout) is not keeper
    ledger.close()


def test_planned_work_is_in_the_zone_of_the_settings(run: Run, home: Home):
    times = ("--from", "2026-12-01 22:00", "--to", "2026-12-01 23:30")
    assert run("plan", "New disks", *times, "--text", "No interruption.").exit_code == 0
    [one] = said(home)
    assert one.starts == 1_796_158_800
    assert run("resolve", "1", "--text", "Done.").exit_code == 0
    assert said(home)[0].state == "done"


def test_a_dry_run_says_and_writes_nothing(run: Run, home: Home):
    answer = run("post", "Pages are slow", "--text", "We look into it.", "--dry-run")
    assert "would publish: Pages are slow" in answer.stdout
    assert said(home) == []


@pytest.mark.parametrize(
    "words",
    [
        ("post", "Slow", "--text", "x", "--affects", "moon"),
        ("post", "Slow", "--text", "x", "--incident", "99"),
        ("post", "Slow", "--text", " "),
        ("post", "Slow", "--text", "x", "--state", "fine"),
        ("plan", "Disks", "--from", "tomorrow", "--to", "2026-12-01 23:30", "--text", "x"),
        ("resolve", "7", "--text", "x"),
        ("post", "Slow", "--text", "x", "--text-in", "fr=Lent"),
        ("post", "Slow", "--text", "x", "--title-in", "langsam"),
        ("show",),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(run: Run, home: Home, words: tuple[str, ...]):
    assert run(*words).exit_code != 0
    assert said(home) == []


def test_the_page_is_told_where_and_how_old(run: Run, home: Home):
    ledger = Ledger(home.ledger)
    ledger.see("status_page", {"address": "https://status.example.com/", "lacking": {"a": "no room"}})
    ledger.see("subscribers", {"confirmed": 40, "waiting": 2, "queued": 450})
    ledger.close()
    told = run("show").stdout
    assert "450 addresses wait to be asked" in told
    assert "https://status.example.com/ made 0 s ago" in told
    assert "a lacks it: no room" in told


def test_words_are_given_in_german_too(run: Run, home: Home):
    german = ("--title-in", "de=Seiten sind langsam", "--text-in", "de=Wir sehen nach: a=b.")
    assert run("post", "Pages are slow", "--text", "We look.", *german).exit_code == 0
    [one] = said(home)
    assert (one.titles, one.updates[0].texts) == (
        {"de": "Seiten sind langsam"},
        {"de": "Wir sehen nach: a=b."},
    )
    assert run("resolve", "1", "--text", "Well.", "--text-in", "de=Gut.").exit_code == 0
    assert said(home)[0].updates[-1].texts == {"de": "Gut."}
