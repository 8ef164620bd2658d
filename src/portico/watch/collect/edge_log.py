"""How long visitors waited, and what they asked for: the edge sends a share of its requests as datagrams.

A thread counts them; nothing of a single request is kept.

Nobody waits for this: HAProxy drops what isn't taken at once, and what nobody listens to.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

from portico.cluster import local
from portico.edge import logged
from portico.model import MIRROR, Digest
from portico.store.layout import Store
from portico.watch import signal
from portico.watch.collect import tally
from portico.watch.collect.asked import Asked
from portico.watch.collect.datagrams import Datagrams
from portico.watch.collect.histogram import Histogram
from portico.watch.collect.protocol import Base
from portico.watch.collect.tally import Tally
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal
from portico.watch.watched import Watched

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
DURATION = Metric(
    "portico_edge_request_duration_seconds",
    Kind.HISTOGRAM,
    "seconds",
    f"From a request to its answer's first byte, waiting and retries included; of one in {logged.ONE_OF}.",
    "edge",
    ("source", "cluster"),
)
MEAN = Metric(
    "portico_edge_response_time_seconds",
    Kind.GAUGE,
    "seconds",
    "The mean of these times since the look before, over all visitors.",
    "edge",
    felt=True,
)
LOST = Metric(
    "portico_edge_log_lines_odd_total",
    Kind.COUNTER,
    "",
    "Sampled requests without a time: nobody answered them.",
    "edge",
)

Source = tuple[str, str]
"""`cache`, `replica` or `mirror`, and the replica's cluster, which the others leave empty."""


class EdgeLogCollector(Base):
    name = "edge-log"
    metrics = (DURATION, MEAN, LOST, *tally.METRICS)

    def __init__(self, watched: Watched) -> None:
        clusters = [("replica", cluster) for cluster in watched.clusters]
        self._counted = {source: Histogram(BOUNDS) for source in (("cache", ""), *clusters, ("mirror", ""))}
        self._asked = _asked(watched)
        self._tally = Tally(self._asked.name, countries=watched.settings.edge.country_header is not None)
        self._odd = 0
        self._since: list[float] = []
        self._mutex = threading.Lock()
        self._datagrams = Datagrams(watched.home.edge_log_socket, self._take)

    def collect(self, now: float, /) -> Iterator[Signal]:
        self._datagrams.begin()
        with self._mutex:
            self._asked.look()
            yield from self._tally.signals(now)
            since, self._since = self._since, []
            yield signal.of(LOST.name, self._odd)
            for (source, cluster), counted in self._counted.items():
                yield from counted.signals(DURATION.name, source=source, cluster=cluster)
        if since:
            yield signal.of(MEAN.name, sum(since) / len(since))

    def close(self) -> None:
        self._datagrams.close()

    def _take(self, datagram: bytes) -> None:
        self._note(logged.parse(datagram))

    def _note(self, line: logged.Line | None) -> None:
        with self._mutex:
            if line:
                self._tally.note(line)
            counted = self._counted.get(_source(line.server)) if line else None
            if line is None or line.waited is None or counted is None:
                self._odd += 1
                return
            counted.observe(line.waited)
            self._since.append(line.waited)


def _asked(watched: Watched) -> Asked:
    """By the origin, which holds whatever is or was live."""

    def live() -> Digest | None:
        return watched.ledger.wanted().get("snapshot")

    return Asked(Store(watched.home.origin), watched.key, live)


def _source(server: str) -> Source:
    if server == logged.FROM_CACHE:
        return "cache", ""
    return ("mirror", "") if server == MIRROR else ("replica", local.cluster_of(server))
