"""The rules of both benchmarks: points that were flagged against labelled windows give scores."""

from __future__ import annotations

import bisect
import itertools
import math
from dataclasses import dataclass

from _anomaly_data import Series

QUIET = 1800.0
DELAY = 7


@dataclass(frozen=True, slots=True)
class Profile:
    """What a found window, a false alarm and a missed window weigh."""

    found: float = 1.0
    false: float = 0.11
    missed: float = 1.0


PROFILES = {"standard": Profile(), "low FP": Profile(false=0.22), "low FN": Profile(missed=2.0)}


def sigmoid(position: float) -> float:
    return 2.0 / (1.0 + math.exp(5.0 * position)) - 1.0


def probation(length: int) -> int:
    return min(int(0.15 * length), 750)


def nab_sum(series: Series, flagged: list[int], profile: Profile) -> float:
    """What one series adds, before the corpus is put on its scale."""
    scored = [index for index in flagged if index >= probation(len(series))]
    return _windows(series, scored, profile) + _outside(series, scored, profile)


def _windows(series: Series, flagged: list[int], profile: Profile) -> float:
    earned = 0.0
    for left, right in series.windows:
        place = bisect.bisect_left(flagged, left)
        if place < len(flagged) and flagged[place] <= right:
            position = -(right - flagged[place] + 1) / (right - left + 1)
            earned += profile.found * sigmoid(position) / sigmoid(-1.0)
        else:
            earned -= profile.missed
    return earned


def _outside(series: Series, flagged: list[int], profile: Profile) -> float:
    earned = 0.0
    for index in flagged:
        before = [window for window in series.windows if window[0] <= index]
        if before and index <= before[-1][1]:
            continue
        behind = (index - before[-1][1]) / (before[-1][1] - before[-1][0]) if before else math.inf
        earned += profile.false * (sigmoid(behind) if behind <= 3 else -1.0)
    return earned


def nab_score(sums: list[float], windows: int, profile: Profile) -> float:
    """0 for a detector that never fires, 100 for a perfect one."""
    null = -profile.missed * windows
    return 100.0 * (math.fsum(sums) - null) / (profile.found * windows - null)


@dataclass(frozen=True, slots=True)
class Counts:
    """One curve's points found, falsely flagged and missed; its stretches, false alerts and weeks."""

    found: int = 0
    false: int = 0
    missed: int = 0
    stretches: int = 0
    alerted: int = 0
    false_alerts: int = 0
    weeks: float = 0.0

    def __add__(self, other: Counts) -> Counts:
        pairs = ((getattr(self, name), getattr(other, name)) for name in self.__slots__)
        return Counts(*(mine + theirs for mine, theirs in pairs))

    @property
    def f1(self) -> float:
        return 2.0 * self.found / max(1, 2 * self.found + self.false + self.missed)

    @property
    def recall(self) -> float:
        return self.alerted / max(1, self.stretches)

    @property
    def false_alerts_a_week(self) -> float:
        return self.false_alerts / max(1e-9, self.weeks)


def kpi_counts(series: Series, flagged: list[int]) -> Counts:
    found = missed = alerted = 0
    for first, last in series.windows:
        place = bisect.bisect_left(flagged, first)
        hit = flagged[place] if place < len(flagged) and flagged[place] <= last else None
        in_time = hit is not None and hit <= first + DELAY
        found += (last - first + 1) * in_time
        missed += (last - first + 1) * (not in_time)
        alerted += hit is not None and series.times[hit] - series.times[first] <= QUIET
    false = _false(series, flagged)
    return Counts(
        found,
        len(false),
        missed,
        len(series.windows),
        alerted,
        _groups(series, false),
        (series.times[-1] - series.times[0]) / 604_800,
    )


def _false(series: Series, flagged: list[int]) -> list[int]:
    starts = [first for first, _ in series.windows]
    false = []
    for index in flagged:
        place = bisect.bisect_right(starts, index) - 1
        if place < 0 or index > series.windows[place][1]:
            false.append(index)
    return false


def _groups(series: Series, flagged: list[int]) -> int:
    """False alerts as a person hears them: half an hour of quiet ends one."""
    times = [series.times[index] for index in flagged]
    return len(times[:1]) + sum(later - sooner > QUIET for sooner, later in itertools.pairwise(times))
