"""The edge's own numbers: HAProxy's counters by door and by replica, its cache, its limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portico.cluster import local
from portico.edge import runtime
from portico.edge.runtime import Row
from portico.model import MIRROR
from portico.watch import signal
from portico.watch.collect.protocol import Base
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal
from portico.watch.watched import Watched

TIMEOUT_S = 1.0
CODES = ("2xx", "3xx", "4xx", "5xx")
_VISITORS = ("https", "http", "plain")
_DOOR, _SLOT = ("door",), ("cluster", "replica")


@dataclass(frozen=True, slots=True)
class _Column:
    """HAProxy's name of a number, and ours; `scale` takes it to our unit."""

    field: str
    metric: Metric
    scale: float = 1.0

    @property
    def name(self) -> str:
        return self.metric.name


def _counter(field: str, name: str, unit: str, told: str, labels: tuple[str, ...] = ()) -> _Column:
    return _Column(field, Metric(f"portico_edge_{name}", Kind.COUNTER, unit, told, "edge", labels))


def _gauge(
    field: str, name: str, unit: str, told: str, labels: tuple[str, ...] = (), scale: float = 1.0
) -> _Column:
    return _Column(field, Metric(f"portico_edge_{name}", Kind.GAUGE, unit, told, "edge", labels), scale)


REQUESTS = Metric(
    "portico_edge_requests_total",
    Kind.COUNTER,
    "",
    "Requests that came through this door.",
    "edge",
    _DOOR,
    felt=True,
)
RESPONSES = Metric(
    "portico_edge_responses_total",
    Kind.COUNTER,
    "",
    "Answers to visitors, by the class of their status.",
    "edge",
    ("door", "code"),
    felt=True,
)
SERVER_RESPONSES = Metric(
    "portico_edge_server_responses_total",
    Kind.COUNTER,
    "",
    "Answers that a replica gave to the edge, by the class of their status.",
    "edge",
    ("cluster", "replica", "code"),
)
UP = Metric(
    "portico_edge_server_up",
    Kind.GAUGE,
    "",
    "1 while the edge sends the replica visitors or would, 0 while its checks fail or it is taken out.",
    "edge",
    _SLOT,
)
LOOKUPS = Metric(
    "portico_edge_cache_lookups_total",
    Kind.COUNTER,
    "",
    "Questions to the cache; what the first look doesn't find the second asks for once more.",
    "edge",
    ("look",),
)
HITS = Metric(
    "portico_edge_cache_hits_total", Kind.COUNTER, "", "Answers out of the cache.", "edge", ("look",)
)

CONNECTIONS_DENIED = _counter(
    "dcon", "connections_denied_total", "", "Connections refused: too many of one address.", _DOOR
)
REQUESTS_DENIED = _counter("dreq", "requests_denied_total", "", "Requests refused by a rule.", _DOOR)
QUEUE = _gauge("qcur", "queue", "", "Requests that wait for a replica.")
SERVER_QUEUE = _gauge("qcur", "server_queue", "", "Requests that wait for this very replica.", _SLOT)
CONNECTIONS_LIMIT = _gauge(
    "Maxconn", "connections_limit", "", "Connections that the edge takes at once, all doors."
)
CONNECTIONS_USED = _gauge("CurrConns", "connections_used", "", "Connections of that limit in use.")

DOORS = (
    _gauge("scur", "connections_open", "", "Visitors' connections that are open now.", _DOOR),
    _counter("conn_tot", "connections_total", "", "Connections that were opened.", _DOOR),
    CONNECTIONS_DENIED,
    REQUESTS_DENIED,
    _counter("ereq", "requests_bad_total", "", "Requests that could not be read, or were cut.", _DOOR),
    _counter("bin", "received_bytes_total", "bytes", "Bytes from visitors.", _DOOR),
    _counter("bout", "sent_bytes_total", "bytes", "Bytes to visitors.", _DOOR),
)
SECURE = (
    _counter("ssl_sess", "tls_handshakes_total", "", "Full TLS handshakes."),
    _counter("ssl_reused_sess", "tls_resumptions_total", "", "TLS sessions that were resumed instead."),
    _counter("ssl_failed_handshake", "tls_failures_total", "", "TLS handshakes that failed."),
)
SITE = (
    QUEUE,
    _counter("cli_abrt", "visitor_aborts_total", "", "Transfers that the visitor broke off."),
    _counter("srv_abrt", "server_aborts_total", "", "Transfers that a replica broke off."),
)
SERVERS = (
    _counter("req_tot", "server_requests_total", "", "Requests that the edge sent to the replica.", _SLOT),
    _gauge("scur", "server_requests_open", "", "Requests in flight to the replica.", _SLOT),
    SERVER_QUEUE,
    _counter("econ", "server_connect_errors_total", "", "Connections that it didn't take.", _SLOT),
    _counter("eresp", "server_response_errors_total", "", "Answers that were cut or not HTTP.", _SLOT),
    _counter("wretr", "server_retries_total", "", "Requests that were tried again.", _SLOT),
    _counter("wredis", "server_redispatches_total", "", "Requests that went on to another replica.", _SLOT),
    _counter("bout", "server_sent_bytes_total", "bytes", "Bytes that it answered.", _SLOT),
    _counter("chkdown", "server_ejections_total", "", "Times that its checks took it out.", _SLOT),
    _counter("downtime", "server_down_seconds_total", "seconds", "Time for which it was out.", _SLOT),
    _gauge(
        "rtime",
        "server_response_seconds",
        "seconds",
        "Time to its first byte, a mean over the last 1,024 requests.",
        _SLOT,
        scale=1e-3,
    ),
)
WORKER = (
    _gauge("Uptime_sec", "uptime_seconds", "seconds", "Since this worker of HAProxy was started."),
    CONNECTIONS_LIMIT,
    CONNECTIONS_USED,
    _gauge("Idle_pct", "idle_ratio", "ratio", "Share of time for which HAProxy waited.", scale=0.01),
    _gauge("Run_queue", "run_queue", "", "HAProxy's tasks that wait for their turn."),
    _gauge("PoolUsed_bytes", "pool_used_bytes", "bytes", "HAProxy's memory in use, without the cache."),
    _counter("DroppedLogs", "log_lines_dropped_total", "", "Sampled requests that the watcher missed."),
)
_ALL = (*DOORS, *SECURE, *SITE, *SERVERS, *WORKER)


class EdgeCollector(Base):
    name = "edge"
    metrics = (REQUESTS, RESPONSES, SERVER_RESPONSES, UP, LOOKUPS, HITS, *(column.metric for column in _ALL))

    def __init__(self, watched: Watched) -> None:
        self._runtime = runtime.Runtime(watched.home.edge_socket, timeout=TIMEOUT_S)

    def collect(self, _now: float, /) -> Iterator[Signal]:
        seen = self._runtime.numbers()
        doors = {name: row for name, row in seen.doors.items() if name in _VISITORS}
        for name, row in doors.items():
            yield from _door(name, row)
        yield from _read(SECURE, doors["https"])
        yield from _read(SITE, seen.site)
        yield from _cache(list(doors.values()), seen.site)
        for name, row in seen.servers.items():
            if _in_use(row):
                yield from _server(name, row)
        yield from _read(WORKER, seen.info)


def _door(name: str, row: Row) -> Iterator[Signal]:
    yield signal.of(REQUESTS.name, _number(row, "req_tot"), door=name)
    for code in CODES:
        yield signal.of(RESPONSES.name, _number(row, f"hrsp_{code}"), door=name, code=code)
    yield from _read(DOORS, row, door=name)


def _cache(doors: Sequence[Row], site: Row) -> Iterator[Signal]:
    for look, rows in (("first", doors), ("second", [site])):
        for metric, field in ((LOOKUPS, "cache_lookups"), (HITS, "cache_hits")):
            yield signal.of(metric.name, sum(_number(row, field) for row in rows), look=look)


def _server(name: str, row: Row) -> Iterator[Signal]:
    where = {"cluster": local.cluster_of(name), "replica": name}
    yield signal.of(UP.name, row["status"].startswith("UP") or name == MIRROR, **where)
    for code in CODES:
        yield signal.of(SERVER_RESPONSES.name, _number(row, f"hrsp_{code}"), **where, code=code)
    yield from _read(SERVERS, row, **where)


def _in_use(row: Row) -> bool:
    """A slot for scaling, to which nothing was ever sent, is no replica."""
    return not row["status"].startswith("MAINT") or bool(_number(row, "stot"))


def _read(columns: Sequence[_Column], row: Row, **labels: str) -> Iterator[Signal]:
    for column in columns:
        yield signal.of(column.name, _number(row, column.field) * column.scale, **labels)


def _number(row: Row, field: str) -> float:
    """HAProxy leaves a column empty where it counts nothing."""
    return float(row.get(field) or 0)
