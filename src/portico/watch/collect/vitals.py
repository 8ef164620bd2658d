"""What visitors' browsers measured: the edge sends it as datagrams, each a visit; here it becomes histograms.

Nothing of a single visit is kept. A kind of page that isn't in the settings counts as another one, so that
whoever sends nonsense makes no series.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from portico.edge import vitals as beacon
from portico.watch import signal
from portico.watch.collect.datagrams import Datagrams
from portico.watch.collect.histogram import Histogram
from portico.watch.collect.protocol import Base
from portico.watch.metric import Kind, Metric
from portico.watch.series.read import Reader
from portico.watch.signal import Signal
from portico.watch.visitors import quartile, standing
from portico.watch.visitors.standing import Standing
from portico.watch.visitors.vitals import BY_NAME, DEVICES, OWNER, VITALS
from portico.watch.watched import Watched

OTHER = "other"

VISITS = Metric(
    "portico_visitor_visits_total",
    Kind.COUNTER,
    "",
    "Visits that told how fast a page was, and lines that weren't in order.",
    OWNER,
    ("result",),
)
QUARTILE = Metric(
    "portico_visitor_day_ratio",
    Kind.GAUGE,
    "ratio",
    "What three of four visits of the last 24 h were not worse than, by what is good: above 1 isn't.",
    OWNER,
    ("vital", "device"),
)
COUNTED = Metric(
    "portico_visitor_day_visits",
    Kind.GAUGE,
    "",
    "Visits of the last 24 h that told of this vital.",
    OWNER,
    ("vital", "device"),
)

Place = tuple[str, str, str]
"""Vital, device and kind of page."""


class VitalsCollector(Base):
    """A series that begins is given as zeros first: what a counter counted before its first look is lost."""

    name = "vitals"
    metrics = (VISITS, *(vital.metric for vital in VITALS))

    def __init__(self, watched: Watched) -> None:
        self._kinds = frozenset(watched.settings.visitors.kinds)
        self._counted: dict[Place, Histogram] = {}
        self._begun: set[Place] = set()
        self._results = {"taken": 0, "odd": 0}
        self._mutex = threading.Lock()
        self._datagrams = Datagrams(watched.home.visitors_socket, self._take)

    def collect(self, _now: float, /) -> Iterator[Signal]:
        self._datagrams.begin()
        with self._mutex:
            for result, count in self._results.items():
                yield signal.of(VISITS.name, count, result=result)
            for place, counted in self._counted.items():
                yield from self._told(place, counted)
                self._begun.add(place)

    def close(self) -> None:
        self._datagrams.close()

    def _told(self, place: Place, counted: Histogram) -> Iterator[Signal]:
        vital, device, kind = place
        shown = counted if place in self._begun else _empty(vital)
        yield from shown.signals(BY_NAME[vital].metric.name, device=device, kind=kind)

    def _take(self, datagram: bytes) -> None:
        visit = beacon.parse(datagram)
        with self._mutex:
            self._results["taken" if visit else "odd"] += 1
            if visit:
                self._count(visit)

    def _count(self, visit: beacon.Visit) -> None:
        kind = visit.kind if visit.kind in self._kinds else OTHER
        for vital, value in visit.values.items():
            place = vital, visit.device, kind
            self._counted.setdefault(place, _empty(vital)).observe(value)


class StandingCollector(Base):
    """From the series, as a day is longer than a watcher's life may be. Reading them takes a thread a while.

    The console is told the same by the ledger.
    """

    name = "visitors"
    metrics = (QUARTILE, COUNTED)

    def __init__(self, watched: Watched) -> None:
        self._ledger = watched.ledger
        self._reader = Reader(watched.home.series)
        self._least = watched.settings.visitors.least
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="visitors")
        self._reading: Future[Standing] | None = None
        self._known: Standing | None = None

    def collect(self, now: float, /) -> Iterator[Signal]:
        if self._reading and self._reading.done():
            ended, self._reading = self._reading, None
            self._known = ended.result()
            self._ledger.see(standing.SEEN, self._known.as_json())
        if not self._reading and standing.is_due(self._known, now):
            self._reading = self._pool.submit(standing.read, self._reader, self._known, now)
        if self._known:
            yield from quartiles(self._known.day, self._least)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def quartiles(tallies: quartile.Tallies, least: int) -> Iterator[Signal]:
    """No ratio where fewer than `least` visits told."""
    for vital in VITALS:
        for device in DEVICES:
            buckets = quartile.over(tallies, vital=vital.name, device=device)
            value = quartile.of(buckets, least)
            if buckets.visits:
                yield signal.of(COUNTED.name, buckets.visits, vital=vital.name, device=device)
            if value is not None:
                yield signal.of(QUARTILE.name, value / vital.good, vital=vital.name, device=device)


def _empty(vital: str) -> Histogram:
    return Histogram(BY_NAME[vital].bounds)
