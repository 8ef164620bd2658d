"""What counters counted in a time, broken down by some of their labels: how much, and how it went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from portico.watch import signal
from portico.watch.series.read import Known, Reader

ROWS = 48
"""Steps of a course, about."""

Group = tuple[str, ...]
"""The values of the labels that it is broken down by."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A time, and about how many steps of it are wanted."""

    start: float
    end: float
    rows: int = ROWS


@dataclass(frozen=True, slots=True)
class Counted:
    """`courses` hold what was counted from moment to moment, by group; moments lie `step` seconds apart."""

    courses: Mapping[Group, Mapping[float, float]] = field(default_factory=dict)
    step: float = 0.0

    def total(self, *begin: str) -> float:
        """Of all groups that begin so."""
        found = (course for group, course in self.courses.items() if group[: len(begin)] == begin)
        return sum(sum(course.values()) for course in found)

    def values(self) -> list[str]:
        """The first label's values, what was counted most first."""
        totals: dict[str, float] = defaultdict(float)
        for group, course in self.courses.items():
            totals[group[0]] += sum(course.values())
        return [value for value, total in sorted(totals.items(), key=lambda one: -one[1]) if total > 0]


class Breakdown:
    """Of one time. Which series there are is looked up once."""

    def __init__(self, series: Reader, asked: Asked) -> None:
        self.asked = asked
        self._series = series
        self._known: list[Known] = series.names("portico_")

    def of(self, name: str, *by: str, **labels: str) -> Counted:
        """Of the series of this very name that have these labels; nothing where nothing was measured."""
        groups: dict[str, Group] = {}
        for known in self._known:
            found, pairs = signal.parse(known.key)
            told = dict(pairs)
            if found == name and labels.items() <= told.items():
                groups[known.key] = tuple(told.get(label, "") for label in by)
        courses: dict[Group, dict[float, float]] = defaultdict(lambda: defaultdict(float))
        charts = self._series.queries(list(groups), self.asked.start, self.asked.end, self.asked.rows)
        for key, chart in charts.items():
            for row in chart.rows:
                courses[groups[key]][row.at] += row.sum
        return Counted(courses, max((chart.step for chart in charts.values()), default=0.0))
