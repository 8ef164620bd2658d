"""Bulletins in the ledger: what people wrote for the public status page, draft, published, and told on."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portico.kit.errors import MissingError, PorticoError
from portico.ledger.ledger import Ledger

INCIDENT, PLANNED = "incident", "planned"
STATES: Mapping[str, tuple[str, ...]] = {
    INCIDENT: ("investigating", "identified", "monitoring", "resolved"),
    PLANNED: ("planned", "under way", "done", "cancelled"),
}
"""In their usual order; each may be said again, and also go back."""

GERMAN_STATES: Mapping[str, str] = {
    "investigating": "wird untersucht",
    "identified": "Ursache gefunden",
    "monitoring": "wird beobachtet",
    "resolved": "behoben",
    "planned": "geplant",
    "under way": "im Gange",
    "done": "abgeschlossen",
    "cancelled": "abgesagt",
}
"""As the page and its mails say them in German."""

OVER = frozenset({"resolved", "done", "cancelled"})
LONGEST_TITLE, LONGEST_TEXT = 120, 4000

_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
"""Unicode's classes of what embeds, overrides or isolates a direction of writing."""


@dataclass(frozen=True, slots=True)
class Update:
    """What was said at a time; plain text, its paragraphs apart by empty lines. `texts` say it in other
    languages.
    """

    id: int
    at: float
    state: str
    text: str
    by: str
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Bulletin:
    """`updates` in the order of their saying. `incident` is the ledger's own that it began from.

    `language` is what it was written in, `titles` are those in others.

    `starts` and `ends` are the times of planned work, seconds since the epoch; an incident ends by its state.
    `published` is None for a draft.
    """

    id: int
    kind: str
    title: str
    affected: tuple[str, ...]
    incident: int | None
    starts: float
    ends: float | None
    published: float | None
    by: str
    updates: tuple[Update, ...] = ()
    language: str = "en"
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def state(self) -> str:
        return self.updates[-1].state

    @property
    def over(self) -> bool:
        return self.state in OVER

    @property
    def changed(self) -> float:
        return self.updates[-1].at


@dataclass(frozen=True, slots=True)
class Written:
    """What a person wrote: a new bulletin with its first words; `titles` and `texts` in other languages."""

    kind: str
    title: str
    state: str
    text: str
    affected: tuple[str, ...] = ()
    starts: float | None = None
    ends: float | None = None
    incident: int | None = None
    language: str = "en"
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of a bulletin; `texts` say it in other languages."""

    state: str
    text: str
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)


def draft(ledger: Ledger, written: Written, *, by: str) -> int:
    """Keep it, unseen by the public. Raises PorticoError where something is missing."""
    check(written)
    with ledger.writing():
        starts = ledger.now if written.starts is None else written.starts
        cursor = ledger.put(
            "INSERT INTO bulletins (kind, title, affected, incident, starts, ends, by, language, titles)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                written.kind,
                written.title.strip(),
                json.dumps(written.affected),
                written.incident,
                starts,
                written.ends,
                by,
                written.language,
                _others(written.titles),
            ),
        )
        number = int(cursor.lastrowid or 0)
        _say(ledger, number, Said(written.state, written.text, written.texts), by)
        ledger.record("bulletin.drafted", written.title.strip(), bulletin=number, by=by)
    return number


def rewrite(ledger: Ledger, number: int, written: Written, *, by: str) -> None:
    """Put other words into a draft; what is published can only be added to. Raises PorticoError."""
    check(written)
    with ledger.writing():
        known = _draft(ledger, number)
        starts = known.starts if written.starts is None else written.starts
        told = (written.title.strip(), json.dumps(written.affected), starts, written.ends)
        spoken = (written.language, _others(written.titles))
        columns = "title = ?, affected = ?, starts = ?, ends = ?, language = ?, titles = ?"
        ledger.put(f"UPDATE bulletins SET {columns} WHERE id = ?", (*told, *spoken, number))  # noqa: S608 - our own
        ledger.put("DELETE FROM bulletin_updates WHERE bulletin = ?", (number,))
        _say(ledger, number, Said(written.state, written.text, written.texts), by)


def publish(ledger: Ledger, number: int, *, by: str) -> None:
    """Let the public see a draft, with this moment's time. Raises PorticoError when it is none."""
    with ledger.writing():
        known = _draft(ledger, number)
        now = ledger.now
        ledger.put("UPDATE bulletins SET published = ? WHERE id = ?", (now, number))
        ledger.put("UPDATE bulletin_updates SET at = ? WHERE bulletin = ?", (now, number))
        ledger.record("bulletin.published", known.title, bulletin=number, state=known.state, by=by)


def discard(ledger: Ledger, number: int, *, by: str) -> None:
    """Forget a draft. Raises PorticoError when it is none."""
    with ledger.writing():
        known = _draft(ledger, number)
        ledger.put("DELETE FROM bulletin_updates WHERE bulletin = ?", (number,))
        ledger.put("DELETE FROM bulletins WHERE id = ?", (number,))
        ledger.record("bulletin.discarded", known.title, bulletin=number, by=by)


def update(ledger: Ledger, number: int, said: Said, *, by: str) -> None:
    """Say more about one that is published, at once. Raises PorticoError."""
    with ledger.writing():
        known = get(ledger, number)
        if known.published is None:
            raise PorticoError(
                f"bulletin {number} isn't published yet", hint="publish it, or rewrite the draft"
            )
        _check_words(known.kind, said)
        _say(ledger, number, said, by)
        ledger.record("bulletin.updated", known.title, bulletin=number, state=said.state, by=by)


def get(ledger: Ledger, number: int) -> Bulletin:
    """Raises PorticoError when there is none."""
    found = _all(ledger, "WHERE id = ?", (number,))
    if not found:
        raise MissingError(f"there is no bulletin {number}", hint="portico statuspage list")
    return found[0]


def drafts(ledger: Ledger) -> list[Bulletin]:
    """The oldest first."""
    return _all(ledger, "WHERE published IS NULL ORDER BY id")


def published(ledger: Ledger) -> list[Bulletin]:
    """All that the public may see, the newest first."""
    return _all(ledger, "WHERE published IS NOT NULL ORDER BY published DESC, id DESC")


def of_incident(ledger: Ledger, incident: int) -> Bulletin | None:
    """The one that was begun from an incident of the ledger."""
    found = _all(ledger, "WHERE incident = ? ORDER BY id DESC LIMIT 1", (incident,))
    return found[0] if found else None


def check(written: Written) -> None:
    """Raises PorticoError where something is missing."""
    if written.kind not in STATES:
        raise PorticoError(f"expected a bulletin to be one of {', '.join(STATES)}, got {written.kind!r}")
    for title in (written.title, *written.titles.values()):
        _check_title(title)
    if written.kind == PLANNED and (written.starts is None or written.ends is None):
        raise PorticoError("expected when planned work begins and when it ends")
    if written.starts is not None and written.ends is not None and written.ends <= written.starts:
        raise PorticoError("expected planned work to end after it begins")
    _check_words(written.kind, Said(written.state, written.text, written.texts))


def _check_title(title: str) -> None:
    if not 0 < len(title.strip()) <= LONGEST_TITLE or "\n" in title.strip():
        raise PorticoError(f"expected a title of one line, at most {LONGEST_TITLE} characters")
    _check_letters(title)


def _check_letters(words: str) -> None:
    """A feed in which a control character stands can't be read at all; one that turns the direction of
    writing lets a page, a mail and a terminal show other words than those that were written.
    """
    if any(_is_control(letter) for letter in words):
        raise PorticoError("expected text without control characters", hint="type the words anew")


def _is_control(letter: str) -> bool:
    if unicodedata.category(letter) == "Cc":
        return letter not in "\r\n\t"
    return unicodedata.bidirectional(letter) in _TURNS


def _check_words(kind: str, said: Said) -> None:
    if said.state not in STATES[kind]:
        raise PorticoError(f"expected the state to be one of {', '.join(STATES[kind])}, got {said.state!r}")
    for text in (said.text, *said.texts.values()):
        if not 0 < len(text.strip()) <= LONGEST_TEXT:
            raise PorticoError(f"expected some words of at most {LONGEST_TEXT:,} characters")
        _check_letters(text)


def _draft(ledger: Ledger, number: int) -> Bulletin:
    known = get(ledger, number)
    if known.published is not None:
        raise PorticoError(
            f"bulletin {number} is published already, it can only be added to",
            hint=f"portico statuspage update {number}",
        )
    return known


def _say(ledger: Ledger, number: int, said: Said, by: str) -> None:
    ledger.put(
        "INSERT INTO bulletin_updates (bulletin, at, state, text, by, texts) VALUES (?, ?, ?, ?, ?, ?)",
        (number, ledger.now, said.state, _plain(said.text), by, _others(said.texts)),
    )


def _others(words: Mapping[str, str]) -> str:
    """In other languages, as they lie in a column."""
    return json.dumps({language: _plain(text) for language, text in words.items()})


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


_COLUMNS = "id, kind, title, affected, incident, starts, ends, published, by, language, titles"


def _all(ledger: Ledger, where: str, args: tuple[Any, ...] = ()) -> list[Bulletin]:
    rows = ledger.ask(
        f"SELECT {_COLUMNS} FROM bulletins {where}",  # noqa: S608 - only our own words
        args,
    )
    said = _updates(ledger, [row[0] for row in rows])
    return [_bulletin(row, said[row[0]]) for row in rows]


def _bulletin(row: tuple[Any, ...], said: Sequence[Update]) -> Bulletin:
    number, kind, title, affected, incident, starts, ends, published_at, by, language, titles = row
    return Bulletin(
        number,
        kind,
        title,
        affected=tuple(json.loads(affected)),
        incident=incident,
        starts=starts,
        ends=ends,
        published=published_at,
        by=by,
        updates=tuple(said),
        language=language,
        titles=json.loads(titles),
    )


def _updates(ledger: Ledger, numbers: Sequence[int]) -> dict[int, list[Update]]:
    found: dict[int, list[Update]] = {number: [] for number in numbers}
    marks = ", ".join("?" for _ in numbers)
    columns = "bulletin, id, at, state, text, by, texts"
    sql = f"SELECT {columns} FROM bulletin_updates WHERE bulletin IN ({marks}) ORDER BY id"  # noqa: S608 - our own
    for bulletin, number, at, state, text, by, texts in ledger.ask(sql, tuple(numbers)):
        found[bulletin].append(Update(number, at, state, text, by, json.loads(texts)))
    return found
