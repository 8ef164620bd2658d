"""The reports and counts of one place, written by the threads that look and read by the loop."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from portico.watch import signal
from portico.watch.answer import What
from portico.watch.probes import metrics, report
from portico.watch.probes.looks import Outcome
from portico.watch.probes.report import Report
from portico.watch.signal import Signal

WINDOW_S = 300.0


@dataclass(slots=True)
class _Target:
    report: Report | None = None
    counts: dict[What, int] = field(default_factory=dict)
    looks: deque[tuple[float, bool]] = field(default_factory=deque)


class Board:
    def __init__(self, place: str) -> None:
        self.place = place
        self._targets: dict[str, _Target] = {}
        self._lock = threading.Lock()

    def note(self, target: str, seen: Outcome, at: float) -> Report:
        with self._lock:
            known = self._targets.setdefault(target, _Target())
            before = known.report
            after = (
                report.following(before, seen, at) if before else report.first(self.place, target, seen, at)
            )
            known.report = after
            known.counts[seen.what] = known.counts.get(seen.what, 0) + 1
            if seen.what is not What.UNKNOWN:
                known.looks.append((at, seen.ok))
                _forget_old(known.looks, at)
            return after

    def forget(self, target: str) -> None:
        """There is nothing to look at any more; its counters stay."""
        with self._lock:
            if target in self._targets:
                self._targets[target].looks.clear()
                self._targets[target].report = None

    def reports(self) -> list[Report]:
        with self._lock:
            return [known.report for known in self._targets.values() if known.report]

    def counts(self) -> dict[str, dict[What, int]]:
        """The looks since the start, by target and what was seen."""
        with self._lock:
            return {name: dict(known.counts) for name, known in self._targets.items()}

    def signals(self, now: float) -> list[Signal]:
        with self._lock:
            return [found for name, known in self._targets.items() for found in self._of(name, known, now)]

    def _of(self, name: str, known: _Target, now: float) -> Iterator[Signal]:
        yield from metrics.of_counts(self.place, name, known.counts)
        _forget_old(known.looks, now)
        if known.looks:
            right = sum(ok for _, ok in known.looks) / len(known.looks)
            yield signal.of(metrics.SUCCESS.name, right, place=self.place, target=name)
        if known.report:
            yield from metrics.of_report(known.report)


def _forget_old(looks: deque[tuple[float, bool]], now: float) -> None:
    """Of whatever time, when a clock was set back meanwhile."""
    while looks and abs(now - looks[0][0]) > WINDOW_S:
        looks.popleft()
