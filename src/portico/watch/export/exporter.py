"""What every way out is that ships in a thread of its own, and what is told of how it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from portico.watch import signal
from portico.watch.export.shipping import Health
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal

SENT = Metric(
    "portico_export_sent_total",
    Kind.COUNTER,
    "",
    "Things that a destination took since the watcher was started.",
    "export",
    ("destination",),
    judged=False,
)
LOST = Metric(
    "portico_export_lost_total",
    Kind.COUNTER,
    "",
    "Things that never arrived: refused by the destination, or dropped as it was away for too long.",
    "export",
    ("destination", "why"),
    judged=False,
)
WAITING = Metric(
    "portico_export_waiting",
    Kind.GAUGE,
    "",
    "Parcels of numbers that wait to be sent.",
    "export",
    ("destination",),
    judged=False,
)
FAILING = Metric(
    "portico_export_failing_seconds",
    Kind.GAUGE,
    "seconds",
    "For how long nothing has arrived there; 0 while it works.",
    "export",
    ("destination",),
    judged=False,
)
METRICS = (SENT, LOST, WAITING, FAILING)


@dataclass(frozen=True, slots=True)
class Look:
    """One round of numbers. `increases` is by series key: a gauge's value, or what a counter grew by."""

    at: float
    signals: Sequence[Signal]
    increases: Mapping[str, float]


class Exporter(Protocol):
    """A module in this folder, and its row in `table`."""

    def tell(self, look: Look, /) -> None:
        """Take it over; never waits."""
        ...

    def health(self) -> Health: ...

    def leave(self) -> None:
        """Begin to end; `close` waits for it."""
        ...

    def close(self) -> None: ...


def signals(healths: Iterable[Health]) -> Iterator[Signal]:
    for health in healths:
        where = {"destination": health.destination}
        yield signal.of(SENT.name, health.sent, **where)
        yield signal.of(LOST.name, health.refused, **where, why="refused")
        yield signal.of(LOST.name, health.dropped, **where, why="dropped")
        yield signal.of(WAITING.name, health.waiting, **where)
        yield signal.of(FAILING.name, health.failing_s, **where)
