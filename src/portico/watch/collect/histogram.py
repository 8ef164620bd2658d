"""Counts values in buckets, and gives them as Prometheus' cumulative counters."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from portico.watch import signal
from portico.watch.signal import Signal


class Histogram:
    """`bounds` are the buckets' upper ends, ascending; the last bucket, without an end, comes by itself."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = tuple(bounds)
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def observe(self, value: float) -> None:
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def signals(self, name: str, **labels: str) -> Iterator[Signal]:
        total = 0
        for bound, count in zip((*self._bounds, float("inf")), self._counts, strict=True):
            total += count
            yield signal.of(f"{name}_bucket", total, **labels, le=edge_of(bound))
        yield signal.of(f"{name}_sum", self._sum, **labels)
        yield signal.of(f"{name}_count", total, **labels)


def edge_of(bound: float) -> str:
    """A bucket's `le` label as OpenMetrics writes it."""
    return "+Inf" if bound == float("inf") else str(float(bound))
