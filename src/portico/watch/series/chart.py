"""Which tier answers a question, and in which steps: the longest that still give the points asked for."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from portico.watch.series.shelf import HOUR_S, Tier
from portico.watch.series.table import Rolled, Table

STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
_LONGEST = STEPS[-1]
_ABOUT = 0.95


@dataclass(frozen=True, slots=True)
class Row:
    """The values of [at, at + step). A counter's `sum` is how much it grew, exactly."""

    at: float
    count: float
    sum: float
    minimum: float
    maximum: float

    @property
    def mean(self) -> float:
        return self.sum / self.count


@dataclass(frozen=True, slots=True)
class Chart:
    """Rows of `step` seconds in order of time; there is none where nothing was measured.

    `apart` is how far rows commonly lie apart, which is more than a step where samples are rare.
    Where `sampled`, the rows are single samples at their own moments, and a step is the time between them.
    """

    key: str
    start: float
    end: float
    step: float
    apart: float
    sampled: bool
    rows: tuple[Row, ...]

    def lines(self) -> list[list[Row]]:
        """The rows, cut where there is a gap in time."""
        found: list[list[Row]] = []
        for row in self.rows:
            if not found or row.at - found[-1][-1].at > 1.9 * self.apart:
                found.append([])
            found[-1].append(row)
        return found


def step_for(seconds: float, points: int) -> float:
    """The shortest round step that gives at most about so many points."""
    wanted = _ABOUT * seconds / max(1, points)
    longer = -(-wanted // _LONGEST) * _LONGEST
    return float(next((step for step in STEPS if step >= wanted), longer))


def tier_for(step: float, start: float, oldest: Mapping[Tier, float]) -> Tier:
    """The tier with the longest rows that fit into the step; a longer one where that doesn't reach back."""
    fitting = Tier.HOUR if step >= HOUR_S else Tier.MINUTE if step >= Tier.MINUTE.step else Tier.RAW
    tiers = list(Tier)[list(Tier).index(fitting) :]
    begins = [oldest[tier] for tier in tiers if tier in oldest]
    reached = max(start, min(begins, default=start))
    return next(
        (tier for tier in tiers if tier in oldest and oldest[tier] // HOUR_S * HOUR_S <= reached), fitting
    )


def drawn(key: str, table: Table, tier: Tier, span: tuple[float, float], step: float) -> Chart:
    """A series' table as a chart; samples that came rarer than the step stay as they are."""
    apart = _apart(table.times)
    sampled = tier is Tier.RAW and step < 2 * apart
    if sampled:
        step = apart or step
    elif step > tier.step:
        rolled = Rolled(table, step)
        found = rolled.columns(key)
        table = Table(rolled.times, {key: found} if found else {})
    return Chart(key, *span, step, max(step, apart), sampled, _rows(table, key))


def _rows(table: Table, key: str) -> tuple[Row, ...]:
    found = table.columns(key) or ()
    if len(found) == 1:
        (values,) = found
        pairs = zip(table.times, values, strict=True)
        return tuple(Row(at, 1, value, value, value) for at, value in pairs)
    return tuple(map(Row, table.times, *found)) if found else ()


def _apart(times: array[float]) -> float:
    """How many seconds samples commonly lie apart: the median."""
    gaps = sorted(after - before for before, after in pairwise(times))
    return gaps[len(gaps) // 2] if gaps else 0.0
