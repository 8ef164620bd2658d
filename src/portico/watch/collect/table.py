"""All collectors, asked together. To add one: its module, and its row here."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from portico.kit.errors import PorticoError
from portico.watch import signal
from portico.watch.collect.certificate import CertificateCollector
from portico.watch.collect.console import ConsoleCollector
from portico.watch.collect.edge import EdgeCollector
from portico.watch.collect.edge_log import EdgeLogCollector
from portico.watch.collect.host import HostCollector
from portico.watch.collect.intake import IntakeCollector, IntakeProbeCollector
from portico.watch.collect.journey import JourneyCollector
from portico.watch.collect.keeper import KeeperCollector
from portico.watch.collect.ledger import LedgerCollector
from portico.watch.collect.processes import ProcessesCollector
from portico.watch.collect.protocol import Collector
from portico.watch.collect.publishing import PublishingCollector
from portico.watch.collect.replicas import ReplicasCollector
from portico.watch.collect.status_page import StatusPageCollector
from portico.watch.collect.stores import StoresCollector
from portico.watch.collect.studio import StudioCollector
from portico.watch.collect.vitals import StandingCollector, VitalsCollector
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal
from portico.watch.watched import Watched

TABLE = (
    EdgeCollector,
    EdgeLogCollector,
    ReplicasCollector,
    ProcessesCollector,
    KeeperCollector,
    LedgerCollector,
    StoresCollector,
    StatusPageCollector,
    CertificateCollector,
    HostCollector,
    PublishingCollector,
    IntakeCollector,
    IntakeProbeCollector,
    StudioCollector,
    ConsoleCollector,
    VitalsCollector,
    StandingCollector,
    JourneyCollector,
)
PATIENCE_S = 2.0
"""So long a round waits for its collectors; a slower one is told as down, and its answer is taken later."""

UP = Metric(
    "portico_collector_up",
    Kind.GAUGE,
    "",
    "1 when this part could be asked in time.",
    "watcher",
    ("collector",),
)
TOOK = Metric(
    "portico_collector_seconds",
    Kind.GAUGE,
    "seconds",
    "How long its last look took.",
    "watcher",
    ("collector",),
)
METRICS: tuple[Metric, ...] = (UP, TOOK, *(metric for made in TABLE for metric in made.metrics))


@dataclass(slots=True)
class _Asked:
    """A collector, its last answer, and the look that is under way. Times are monotonic."""

    collector: Collector
    looked: float = float("-inf")
    running: Future[tuple[list[Signal], float]] | None = None
    given: list[Signal] = field(default_factory=list)
    seconds: float = 0.0
    trouble: str = ""


class Collectors:
    """`troubles` says, for each collector that is down, why."""

    def __init__(self, watched: Watched, *, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._asked = [_Asked(make(watched)) for make in TABLE]
        self._pool = ThreadPoolExecutor(len(self._asked), thread_name_prefix="collect")

    @property
    def troubles(self) -> Mapping[str, str]:
        return {one.collector.name: one.trouble for one in self._asked if one.trouble}

    def collect(self, now: float) -> list[Signal]:
        """The signals of all: of those that aren't due, and weren't down, what they gave before."""
        began = time.monotonic()
        due = [one for one in self._asked if not one.running and began - one.looked >= one.collector.every_s]
        for one in due:
            one.looked = began
            one.running = self._pool.submit(_look, one.collector, now)
        # one that was late before isn't waited for again: a hung part must not slow each round down
        wait([one.running for one in due if one.running], timeout=self._patience_s)
        return [found for one in self._asked for found in self._taken(one)]

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        for one in self._asked:
            one.collector.close()

    def _taken(self, one: _Asked) -> list[Signal]:
        if one.running and one.running.done():
            _take(one, one.running)
            one.running = None
        elif one.running:
            one.trouble = f"no answer within {self._patience_s:g} s"
            one.given = []
        name = one.collector.name
        up = signal.of(UP.name, not one.trouble, collector=name)
        return [up, signal.of(TOOK.name, one.seconds, collector=name), *one.given]


def _look(collector: Collector, now: float) -> tuple[list[Signal], float]:
    began = time.monotonic()
    return list(collector.collect(now)), time.monotonic() - began


def _take(one: _Asked, ended: Future[tuple[list[Signal], float]]) -> None:
    """What it gave; a collector's own mistake, too, must not stop the others."""
    error = ended.exception()
    if error is None:
        (one.given, one.seconds), one.trouble = ended.result(), ""
        return
    one.given, one.looked = [], float("-inf")
    one.trouble = (
        str(error) if isinstance(error, (PorticoError, OSError)) else f"{type(error).__name__}: {error}"
    )
