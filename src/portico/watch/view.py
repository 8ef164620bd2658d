"""What an alert's rule is told: the latest numbers and the last minutes, asked for by metric and labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from portico.watch.recent import Point, Recent

OLD_S = 60.0
"""A number older than this says nothing about now."""


@dataclass(frozen=True, slots=True)
class View:
    """`facts` is what isn't a number, by the name of who found it: probes, slo, anomalies, status."""

    now: float
    recent: Recent
    facts: Mapping[str, Any] = field(default_factory=dict)

    def each(self, name: str, **labels: str) -> Iterator[tuple[dict[str, str], float]]:
        """Labels and latest value of each series of the metric, leaving out what is old."""
        for key, found in self.recent.keys(name, **labels):
            last = self.recent.last(key)
            if last and self.now - last[0] <= OLD_S:
                yield found, last[1]

    def value(self, name: str, **labels: str) -> float | None:
        """The latest value, of the first such series."""
        return next((value for _, value in self.each(name, **labels)), None)

    def total(self, name: str, seconds: float, **labels: str) -> float:
        """What the counters counted in the last `seconds`, all such series together."""
        return sum(value for points in self._windows(name, seconds, labels) for _, value in points)

    def mean(self, name: str, seconds: float, **labels: str) -> float | None:
        values = [value for points in self._windows(name, seconds, labels) for _, value in points]
        return sum(values) / len(values) if values else None

    def _windows(self, name: str, seconds: float, labels: dict[str, str]) -> Iterator[list[Point]]:
        for key, _ in self.recent.keys(name, **labels):
            yield self.recent.points(key, self.now - seconds)
