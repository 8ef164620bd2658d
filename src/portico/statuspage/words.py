"""How the status page writes shares, days and what people wrote: for its templates and its feed. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from portico.kit import dates
from portico.ledger.bulletins import Bulletin, Update
from portico.statuspage import languages
from portico.statuspage.facts import NAMES, Part
from portico.watch.uptime import DAY_S


def percent(share: float | None, language: str = "en") -> str:
    """Never rounded up: what failed once doesn't read as 100."""
    if share is None:
        return languages.said(language, "not measured")
    number = f"{100 if share >= 1 else math.floor(share * 10000) / 100:g} %"
    return number.replace(".", languages.point(language))


def iso(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def paragraphs(text: str) -> list[list[str]]:
    """Of plain text: apart by empty lines, each with its lines."""
    return [block.splitlines() for block in text.split("\n\n") if block.strip()]


@dataclass(frozen=True, slots=True)
class Written:
    """What a person wrote, and in which language."""

    text: str
    language: str


def title(one: Bulletin, language: str) -> Written:
    return _written(one.title, one.titles, one.language, language)


def text(one: Bulletin, said: Update, language: str) -> Written:
    return _written(said.text, said.texts, one.language, language)


def _written(first: str, others: Mapping[str, str], written: str, language: str) -> Written:
    """In the language that is read where a person said it in that, else as it was written."""
    return Written(others[language], language) if language in others else Written(first, written)


def affected(keys: Iterable[str], language: str = "en") -> list[str]:
    """A part's name, or what a person wrote where it is none of ours."""
    return [languages.words(language, NAMES[key]) if key in NAMES else key for key in keys]


@dataclass(frozen=True, slots=True)
class Bar:
    """A day in the picture. Its height tells what its colour does: full, lower, low, a stub."""

    x: int
    kind: str
    height: int

    @property
    def y(self) -> int:
        return 40 - self.height


_HEIGHTS = {"good": 40, "some": 26, "much": 14, "none": 3}
MUCH = 0.95


def bars(days: Sequence[float | None]) -> list[Bar]:
    kinds = [_kind(share) for share in days]
    return [Bar(number * 4, kind, _HEIGHTS[kind]) for number, kind in enumerate(kinds)]


def _kind(share: float | None) -> str:
    if share is None:
        return "none"
    if share >= 1:
        return "good"
    return "some" if share >= MUCH else "much"


def troubled(part: Part, now: float, language: str = "en") -> list[tuple[str, str]]:
    """The days that weren't whole, the newest first, with their share."""
    count = len(part.days)
    found = [
        (now - (count - 1 - number) * DAY_S, share)
        for number, share in enumerate(part.days)
        if share is not None and share < 1
    ]
    return [(dates.day(at, language), percent(share, language)) for at, share in reversed(found)]
