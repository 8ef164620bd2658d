"""What each replica says of itself, the mirror too, asked at its own socket."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator

from portico.cluster import local
from portico.kit import unixsocket
from portico.watch import signal
from portico.watch.collect.edge import CODES
from portico.watch.collect.protocol import Base
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal
from portico.watch.watched import Watched

TIMEOUT_S = 0.3
TOGETHER_S = 1.5
"""So long all of them may take together: hung ones must not make the others look dead."""

_LABELS = ("cluster", "replica")
UP = Metric(
    "portico_replica_up",
    Kind.GAUGE,
    "",
    "1 when the replica answered at its own socket.",
    "replicas",
    _LABELS,
)
REQUESTS = Metric(
    "portico_replica_requests_total",
    Kind.COUNTER,
    "",
    "Requests that the replica answered, by the class of the status; its own checks don't count.",
    "replicas",
    ("cluster", "replica", "code"),
)
_SAID = (
    Metric(
        "portico_replica_sent_bytes_total", Kind.COUNTER, "bytes", "Bytes of bodies.", "replicas", _LABELS
    ),
    Metric(
        "portico_replica_refused_files",
        Kind.GAUGE,
        "",
        "Files of its store that it refuses to serve, as they aren't what their hash says.",
        "replicas",
        _LABELS,
    ),
)
_SAMPLE = re.compile(r'^(\w+)(?:\{code="(\d)\d\d"\})? (\S+)$', re.MULTILINE)


class ReplicasCollector(Base):
    name = "replicas"
    metrics = (UP, REQUESTS, *_SAID)

    def __init__(self, watched: Watched) -> None:
        self._home = watched.home

    def collect(self, _now: float, /) -> Iterator[Signal]:
        until = time.monotonic() + TOGETHER_S
        for name in local.recorded(self._home):
            where = {"cluster": local.cluster_of(name), "replica": name}
            text = self._ask(name, min(TIMEOUT_S, until - time.monotonic()))
            yield signal.of(UP.name, text is not None, **where)
            if text is not None:
                yield from read(text, where)

    def _ask(self, name: str, timeout: float) -> str | None:
        if timeout <= 0:
            return None
        try:
            status, body = unixsocket.get(self._home.replica_socket(name), "/-/metrics", timeout=timeout)
        except OSError:
            return None
        return body.decode() if status == 200 else None


def read(text: str, where: dict[str, str]) -> Iterator[Signal]:
    """From a replica's OpenMetrics text."""
    classes: Counter[str] = Counter(dict.fromkeys(CODES, 0))
    said: dict[str, float] = {}
    for name, hundreds, value in _SAMPLE.findall(text):
        if hundreds:
            classes[f"{hundreds}xx"] += int(value)
        else:
            said[name] = float(value)
    for code in CODES:
        yield signal.of(REQUESTS.name, classes[code], **where, code=code)
    for metric in _SAID:
        if metric.name in said:
            yield signal.of(metric.name, said[metric.name], **where)
