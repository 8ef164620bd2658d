"""What every collector is, for the loop and for whoever writes another one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from portico.watch.metric import Metric
from portico.watch.signal import Signal


class Collector(Protocol):
    """`name` is the measured part; `metrics` are all that it may give."""

    name: str
    metrics: tuple[Metric, ...]

    def collect(self, now: float) -> Iterable[Signal]:
        """One look. Raises OSError or PorticoError when the part can't be asked."""
        ...
