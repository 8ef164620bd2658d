"""The keeper as its last status shows it: whether it looks, how long a look takes, what is off and open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from portico.model import MIRROR, Severity
from portico.watch import signal
from portico.watch.collect.protocol import Base
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal
from portico.watch.watched import Watched

AGE = Metric(
    "portico_keeper_status_age_seconds",
    Kind.GAUGE,
    "seconds",
    "Since the keeper last wrote down what it sees; it does so twice a second.",
    "keeper",
)
TICK = Metric(
    "portico_keeper_tick_seconds",
    Kind.GAUGE,
    "seconds",
    "How long its last look at the world took.",
    "keeper",
)
ORDERS = Metric(
    "portico_keeper_orders_open", Kind.GAUGE, "", "Orders that wait or are carried out.", "keeper"
)
FINDINGS = Metric(
    "portico_keeper_findings", Kind.GAUGE, "", "What is off now, whoever found it.", "keeper", ("severity",)
)
RESTARTS = Metric(
    "portico_replica_restarts_total",
    Kind.COUNTER,
    "",
    "Times that the keeper started the replica again.",
    "keeper",
    ("cluster", "replica"),
)
WANTED = Metric(
    "portico_cluster_replicas",
    Kind.GAUGE,
    "",
    "Replicas that the cluster shall have.",
    "keeper",
    ("cluster",),
)
HEALTHY = Metric(
    "portico_cluster_replicas_up", Kind.GAUGE, "", "Replicas of it that are up.", "keeper", ("cluster",)
)
DRAINED = Metric(
    "portico_cluster_drained",
    Kind.GAUGE,
    "",
    "1 while a person has taken the cluster out.",
    "keeper",
    ("cluster",),
)
MIRROR_AGE = Metric(
    "portico_mirror_age_seconds",
    Kind.GAUGE,
    "seconds",
    "For how long the mirror has lacked what is live; 0 when it holds it.",
    "keeper",
)


class KeeperCollector(Base):
    name = "keeper"
    metrics = (AGE, TICK, ORDERS, FINDINGS, RESTARTS, WANTED, HEALTHY, DRAINED, MIRROR_AGE)

    def __init__(self, watched: Watched) -> None:
        self._ledger = watched.ledger

    def collect(self, now: float, /) -> Iterator[Signal]:
        seen = self._ledger.seen("status")
        if seen is None:
            return
        status, at = seen
        yield signal.of(AGE.name, max(0.0, now - at))
        yield from read(status)


def read(status: Mapping[str, Any]) -> Iterator[Signal]:
    """From what `portico status --json` shows."""
    yield signal.of(TICK.name, status["keeper"]["tick_ms"] / 1000)
    yield signal.of(ORDERS.name, len(status["orders"]))
    open_now = Counter(found["severity"] for found in status["findings"])
    for severity in Severity:
        yield signal.of(FINDINGS.name, open_now[severity], severity=severity)
    for cluster in status["clusters"]:
        yield from _cluster(cluster)
    yield signal.of(RESTARTS.name, status["mirror"]["restarts"], cluster=MIRROR, replica=MIRROR)
    if (age := status["mirror"]["snapshot_age_s"]) is not None:
        yield signal.of(MIRROR_AGE.name, age)


def _cluster(cluster: Mapping[str, Any]) -> Iterator[Signal]:
    name, replicas = cluster["name"], cluster["replicas"]
    yield signal.of(WANTED.name, len(replicas), cluster=name)
    yield signal.of(HEALTHY.name, sum(one["state"] == "up" for one in replicas), cluster=name)
    yield signal.of(DRAINED.name, cluster["drained"], cluster=name)
    for one in replicas:
        yield signal.of(RESTARTS.name, one["restarts"], cluster=name, replica=one["name"])
