"""What every collector is, for the table and for whoever writes another one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from portico.watch.metric import Metric
from portico.watch.signal import Signal


class Collector(Protocol):
    """`name` is the measured part; `metrics` are all that it may give.

    A part that is dear to ask is asked every `every_s` seconds only, others (0) each time.
    """

    @property
    def name(self) -> str: ...

    @property
    def metrics(self) -> tuple[Metric, ...]: ...

    @property
    def every_s(self) -> float: ...

    def collect(self, now: float, /) -> Iterable[Signal]:
        """One look. Raises OSError or PorticoError when the part can't be asked."""
        ...

    def close(self) -> None:
        """Give back what it holds: threads, sockets."""
        ...


class Base:
    """For collectors that are asked each time and hold nothing."""

    every_s: float = 0.0

    def close(self) -> None:
        return
