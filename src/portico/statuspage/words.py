"""How the status page writes times, shares and days: for its templates, its feed and its mails. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from portico.statuspage.facts import Part


def percent(share: float | None) -> str:
    """Never rounded up: what failed once doesn't read as 100."""
    if share is None:
        return "not measured"
    return f"{100 if share >= 1 else math.floor(share * 10000) / 100:g} %"


def moment(at: float, zone: str) -> str:
    return f"{_at(at, zone):%-d %B %Y, %H:%M %Z}"


def clock(at: float, zone: str) -> str:
    return f"{_at(at, zone):%H:%M %Z}"


def span(starts: float, ends: float, zone: str) -> str:
    """The day once, where it ends on the same."""
    one, other = _at(starts, zone), _at(ends, zone)
    if one.date() == other.date():
        return f"{one:%-d %B %Y, %H:%M} to {other:%H:%M %Z}"
    return f"{one:%-d %B %Y, %H:%M} to {other:%-d %B %Y, %H:%M %Z}"


def month(at: float, zone: str) -> str:
    return f"{_at(at, zone):%B %Y}"


def month_key(at: float, zone: str) -> str:
    return f"{_at(at, zone):%Y-%m}"


def iso(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def paragraphs(text: str) -> list[list[str]]:
    """Of plain text: apart by empty lines, each with its lines."""
    return [block.splitlines() for block in text.split("\n\n") if block.strip()]


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


def troubled(part: Part, now: float) -> list[tuple[str, str]]:
    """The days that weren't whole, the newest first, with their share."""
    today, count = datetime.fromtimestamp(now, UTC), len(part.days)
    found = [
        (today - timedelta(days=count - 1 - number), share)
        for number, share in enumerate(part.days)
        if share is not None and share < 1
    ]
    return [(f"{day:%-d %B}", percent(share)) for day, share in reversed(found)]


def _at(at: float, zone: str) -> datetime:
    return datetime.fromtimestamp(at, ZoneInfo(zone))
