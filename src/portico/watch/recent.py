"""The last minutes of every series in memory: what alerts look at."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from portico.watch import signal

KEEP_S = 900.0
Point = tuple[float, float]
"""Seconds since the epoch and a value: a gauge's, or a counter's increase since the point before."""


@dataclass(slots=True)
class Recent:
    keep_s: float = KEEP_S
    _points: dict[str, deque[Point]] = field(default_factory=dict)
    _keys: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)

    def add(self, at: float, values: Mapping[str, float]) -> None:
        for key, value in values.items():
            points = self._points.get(key)
            if points is None:
                points = self._points[key] = deque()
                name, labels = signal.parse(key)
                self._keys.setdefault(name, {})[key] = dict(labels)
            while points and points[-1][0] > at:  # the clock was set back
                points.pop()
            points.append((at, value))
            while points[0][0] < at - self.keep_s:
                points.popleft()

    def keys(self, name: str, **labels: str) -> Iterator[tuple[str, dict[str, str]]]:
        """The series of a metric whose labels are so, each with all of its labels."""
        for key, found in self._keys.get(name, {}).items():
            if all(found.get(label) == value for label, value in labels.items()):
                yield key, found

    def points(self, key: str, since: float = 0.0) -> list[Point]:
        return [point for point in self._points.get(key, ()) if point[0] >= since]

    def last(self, key: str) -> Point | None:
        points = self._points.get(key)
        return points[-1] if points else None

    def pretending(self, points: Mapping[str, Sequence[Point]]) -> Recent:
        """The same with these points, which stand in for all series of their metrics."""
        names = {signal.parse(key)[0] for key in points}
        hidden = {key for name in names for key in self._keys.get(name, ())}
        pretended = Recent(
            self.keep_s,
            {key: found for key, found in self._points.items() if key not in hidden},
            {name: found for name, found in self._keys.items() if name not in names},
        )
        for key, found in points.items():
            for at, value in found:
                pretended.add(at, {key: value})
        return pretended
