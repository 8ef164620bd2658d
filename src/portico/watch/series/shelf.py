"""The files of the series: which there are, and which period of which tier each of them holds.

`raw-2026-11-23T14` holds an hour of samples, `minute-2026-11-23` a day of minutes, `hour-2026-11` a month of
hours. A `.journal` is being written, a `.block` is packed and never changed, only replaced whole.
"""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

HOUR_S, DAY_S = 3600.0, 86400.0
JOURNAL, BLOCK = ".journal", ".block"
LATEST = 250_000_000_000.0
"""Moments from there on (the year 9892) have no name."""


class Tier(StrEnum):
    RAW = "raw"
    MINUTE = "minute"
    HOUR = "hour"

    @property
    def step(self) -> float:
        """Seconds between two of its rows; 0 for samples, which come when they come."""
        return _STEPS[self]


_STEPS = {Tier.RAW: 0.0, Tier.MINUTE: 60.0, Tier.HOUR: HOUR_S}
_NAMES = {Tier.RAW: "%Y-%m-%dT%H", Tier.MINUTE: "%Y-%m-%d", Tier.HOUR: "%Y-%m"}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """What one file holds: [start, end), seconds since the epoch."""

    start: float
    end: float
    tier: Tier

    @property
    def name(self) -> str:
        moment = datetime.fromtimestamp(self.start, UTC)
        return f"{self.tier}-{moment.year:04}{moment.strftime(_NAMES[self.tier][2:])}"

    def overlaps(self, start: float, end: float) -> bool:
        return self.start <= end and start < self.end


def period(tier: Tier, at: float) -> Period:
    """The one that holds the moment `at`."""
    if tier is Tier.HOUR:
        first = datetime.fromtimestamp(at, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        following = (first + timedelta(days=31)).replace(day=1)
        return Period(first.timestamp(), following.timestamp(), tier)
    length = HOUR_S if tier is Tier.RAW else DAY_S
    start = at // length * length
    return Period(start, start + length, tier)


@functools.lru_cache(4096)
def named(text: str) -> Period | None:
    """The opposite of a period's `name`; None for a name that no period has."""
    word, _, moment = text.partition("-")
    if word not in Tier.__members__.values():
        return None
    tier = Tier(word)
    try:
        start = datetime.strptime(moment, _NAMES[tier]).replace(tzinfo=UTC)
    except ValueError:
        return None
    found = period(tier, start.timestamp())
    return found if found.name == text else None


@dataclass(frozen=True, slots=True)
class Shelf:
    folder: Path

    def create(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def damaged(self) -> Path:
        """Where files go that were found damaged, each with its `.why`."""
        return self.folder / "damaged"

    def journal(self, of: Period) -> Path:
        return self.folder / f"{of.name}{JOURNAL}"

    def block(self, of: Period) -> Path:
        return self.folder / f"{of.name}{BLOCK}"

    def journals(self) -> list[Period]:
        """The oldest first."""
        return [found for found in self._periods(JOURNAL) if found.tier is Tier.RAW]

    def blocks(self, tier: Tier) -> list[Period]:
        """The oldest first."""
        return [found for found in self._periods(BLOCK) if found.tier is tier]

    def _periods(self, suffix: str) -> list[Period]:
        try:
            names = [name.removesuffix(suffix) for name in os.listdir(self.folder) if name.endswith(suffix)]  # noqa: PTH208 - a chart lists some 130 names
        except FileNotFoundError:
            return []
        return sorted(found for found in map(named, names) if found)
