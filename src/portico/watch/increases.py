"""Turns counters' totals into what came since the last look, so that sums over time are simple sums."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from portico.watch.signal import Signal


class Increases:
    """Remembers each counter's last total. A total that fell means that its process began anew."""

    def __init__(self, counters: Collection[str]) -> None:
        self._counters = counters
        self._totals: dict[str, float] = {}

    def of(self, signals: Iterable[Signal]) -> dict[str, float]:
        """Series key -> a gauge's value, or a counter's increase; a counter seen first gives none yet."""
        found: dict[str, float] = {}
        for signal in signals:
            key = signal.key
            if signal.name not in self._counters:
                found[key] = signal.value
                continue
            before = self._totals.get(key)
            self._totals[key] = signal.value
            if before is not None:
                found[key] = signal.value - before if signal.value >= before else signal.value
        return found
