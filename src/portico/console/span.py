"""The time that a page shows, by its address: `?span=6h` follows the clock, `?from=..&to=..` stands still."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from urllib.parse import urlencode

from portico.kit.errors import PorticoError

SPANS = {
    "15m": 900.0,
    "1h": 3600.0,
    "6h": 21_600.0,
    "1d": 86_400.0,
    "7d": 7 * 86_400.0,
    "30d": 30 * 86_400.0,
    "1y": 365 * 86_400.0,
}
WORDS = {
    "15m": "15 minutes",
    "1h": "1 hour",
    "6h": "6 hours",
    "1d": "1 day",
    "7d": "7 days",
    "30d": "30 days",
    "1y": "1 year",
}
LONGEST_S = 3700 * 86_400.0
AHEAD_S = 366 * 86_400.0


@dataclass(frozen=True, slots=True)
class Span:
    """[start, end), seconds since the epoch. `word` is one of SPANS, or empty for one that stands still."""

    start: float
    end: float
    word: str = ""

    @property
    def seconds(self) -> float:
        return self.end - self.start

    @property
    def words(self) -> str:
        return WORDS.get(self.word, "")

    @property
    def query(self) -> dict[str, str]:
        """What leads back to it in an address."""
        return {"span": self.word} if self.word else self.fixed

    @property
    def fixed(self) -> dict[str, str]:
        """The same time for ever, for a link to send to somebody."""
        return {"from": f"{self.start:.0f}", "to": f"{self.end:.0f}"}

    def address(self, path: str, **more: str) -> str:
        return f"{path}?{urlencode({**more, **self.query})}"


def of(query: Mapping[str, str], now: float, usual: str = "1d", zone: tzinfo = UTC) -> Span:
    """`zone` is that of what somebody typed. Raises PorticoError for a time that isn't one."""
    if query.get("from"):
        start, end = moment(query["from"], zone), moment(query.get("to") or str(now), zone)
        if not 0 <= start < end <= start + LONGEST_S:
            raise PorticoError("expected `from` to lie before `to`", hint="leave both out for the last day")
        if end > now + AHEAD_S:
            raise PorticoError("expected `to` to lie within a year of now")
        return Span(start, end)
    word = query.get("span") or usual
    if word not in SPANS:
        raise PorticoError(f"expected a span of {', '.join(SPANS)}, got {word!r}")
    return Span(now - SPANS[word], now, word)


def moment(text: str, zone: tzinfo) -> float:
    """Seconds since the epoch, or what a browser's field for date and time gives. Raises PorticoError."""
    try:
        at = _read(text, zone)
    except (ValueError, OverflowError):
        at = math.nan
    if not 0 <= at < math.inf:
        raise PorticoError(f"expected a moment such as 2026-11-23T04:00, got {text!r}")
    return at


def _read(text: str, zone: tzinfo) -> float:
    try:
        return float(text)
    except ValueError:
        typed = datetime.fromisoformat(text)
        return typed.replace(tzinfo=typed.tzinfo or zone).timestamp()
