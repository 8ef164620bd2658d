"""The ledger's size: the one database that every stack has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from portico.watch import signal
from portico.watch.collect.protocol import Base
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal
from portico.watch.watched import Watched

SIZE = Metric("portico_ledger_size_bytes", Kind.GAUGE, "bytes", "The ledger's file.", "ledger")
WAL = Metric(
    "portico_ledger_wal_bytes", Kind.GAUGE, "bytes", "What was written and isn't in that file yet.", "ledger"
)
EVENTS = Metric("portico_ledger_events_total", Kind.COUNTER, "", "Events in the chain.", "ledger")


class LedgerCollector(Base):
    name = "ledger"
    metrics = (SIZE, WAL, EVENTS)

    def __init__(self, watched: Watched) -> None:
        self._ledger = watched.ledger
        self._file = watched.home.ledger

    def collect(self, _now: float, /) -> Iterator[Signal]:
        yield signal.of(SIZE.name, self._file.stat().st_size)
        yield signal.of(WAL.name, _size(self._file.with_name(f"{self._file.name}-wal")))
        [(last,)] = self._ledger.ask("SELECT max(seq) FROM events")
        yield signal.of(EVENTS.name, last or 0)


def _size(file: Path) -> int:
    """SQLite takes the file away when the last reader leaves."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
