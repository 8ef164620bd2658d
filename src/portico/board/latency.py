"""How long visitors waited: a heat map over time, quantiles, and the same by who answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from portico.board.breakdown import Asked, Breakdown, Counted
from portico.edge import logged
from portico.watch.collect.edge_log import DURATION
from portico.watch.series import quantiles
from portico.watch.series.read import Reader

LEVELS = (0.0, 0.002, 0.01, 0.05, 0.2, 0.5)
"""A cell with more than this share of its column's requests is of the next level."""

COLUMNS = 72
SHARES = (0.5, 0.9, 0.99)


@dataclass(frozen=True, slots=True)
class Cell:
    """In column and row from below; `level` from 1 to 6; `late` is slower than promised."""

    column: int
    row: int
    level: int
    late: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """One column: about so many requests, quantiles in seconds, the share within the promise."""

    at: float
    column: int
    requests: float
    p50: float
    p90: float
    p99: float
    kept: float


@dataclass(frozen=True, slots=True)
class Heat:
    """`bounds` are the rows' upper ends, from below. `promise` is the row that the promise ends with."""

    columns: int
    bounds: tuple[float, ...]
    promise: int
    cells: tuple[Cell, ...]
    moments: tuple[Moment, ...]
    start: float
    step: float


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who answered: the cache, a cluster's replicas, the mirror. Seconds; None where nothing was measured."""

    source: str
    cluster: str
    requests: float
    share: float
    p50: float | None
    p99: float | None
    kept: float | None


Buckets = Mapping[float, float]
"""A bucket's upper end to how many fell into it or below."""


@dataclass(frozen=True, slots=True)
class Latency:
    heat: Heat
    whole: Answerer
    by: tuple[Answerer, ...]


def of(series: Reader, asked: Asked, limit_s: float) -> Latency:
    """`limit_s` is the promised time."""
    counted = Breakdown(series, asked).of(f"{DURATION.name}_bucket", "source", "cluster", "le")
    return Latency(heat(counted, asked, limit_s), _answerer(counted, limit_s), answerers(counted, limit_s))


def heat(counted: Counted, asked: Asked, limit_s: float) -> Heat:
    """Pure."""
    by_moment: dict[float, dict[float, float]] = defaultdict(lambda: defaultdict(float))
    for (_, _, le), course in counted.courses.items():
        for at, grown in course.items():
            by_moment[at][float(le)] += grown
    filled = {at: buckets for at, buckets in by_moment.items() if buckets.get(inf, 0) > 0}
    step = counted.step or 1.0
    start = asked.start // step * step
    bounds = _shown(filled.values(), limit_s)
    promise = sum(bound <= limit_s for bound in bounds)
    moments = tuple(
        _moment(at, round((at - start) / step), buckets, limit_s) for at, buckets in sorted(filled.items())
    )
    cells = tuple(
        cell
        for at, buckets in filled.items()
        for cell in _cells(round((at - start) / step), buckets, bounds, promise)
    )
    columns = max([int((asked.end - start) / step), *(moment.column for moment in moments)]) + 1
    return Heat(columns, bounds, promise, cells, moments, start, step)


def answerers(counted: Counted, limit_s: float) -> tuple[Answerer, ...]:
    """Who answered most first; who never did is left out. Pure."""
    whole = _answerer(counted, limit_s).requests
    sources = dict.fromkeys(group[:2] for group in counted.courses)
    found = [_answerer(counted, limit_s, *source, whole=whole) for source in sources]
    return tuple(sorted((one for one in found if one.requests), key=lambda one: -one.requests))


def _answerer(counted: Counted, limit_s: float, *source: str, whole: float = 0.0) -> Answerer:
    buckets: dict[float, float] = defaultdict(float)
    for group, course in counted.courses.items():
        if group[: len(source)] == source:
            buckets[float(group[2])] += sum(course.values())
    name, cluster = source or ("", "")
    requests = buckets.get(inf, 0.0)
    if requests <= 0:
        return Answerer(name, cluster, 0.0, 0.0, None, None, None)
    p50, p99 = (quantiles.quantile(buckets, share) for share in (0.5, 0.99))
    about = requests * logged.ONE_OF
    return Answerer(name, cluster, about, about / (whole or about), p50, p99, _kept(buckets, limit_s))


def _moment(at: float, column: int, buckets: Buckets, limit_s: float) -> Moment:
    p50, p90, p99 = (quantiles.quantile(buckets, share) for share in SHARES)
    return Moment(at, column, buckets[inf] * logged.ONE_OF, p50, p90, p99, _kept(buckets, limit_s))


def _kept(buckets: Buckets, limit_s: float) -> float:
    """By the largest bucket within the limit, as the promise is judged."""
    fitting = max((bound for bound in buckets if bound <= limit_s), default=min(buckets))
    return min(1.0, buckets[fitting] / buckets[inf])


def _shown(columns: Collection[Buckets], limit_s: float) -> tuple[float, ...]:
    """The bounds up to the slowest that was seen, and beyond the promise in any case."""
    known = sorted({bound for buckets in columns for bound in buckets})
    slowest = 0.0
    for buckets in columns:
        for before, bound in zip([0.0, *known], known, strict=False):
            if buckets.get(bound, 0.0) > buckets.get(before, 0.0):
                slowest = max(slowest, bound)
    beyond = next((bound for bound in known if bound > limit_s), inf)
    return tuple(bound for bound in known if bound <= max(slowest, beyond))


def _cells(column: int, buckets: Buckets, bounds: Sequence[float], promise: int) -> list[Cell]:
    found, before, whole = [], 0.0, buckets[inf]
    for row, bound in enumerate(bounds):
        here = buckets.get(bound, before)
        share = (here - before) / whole
        before = here
        if share > 0:
            found.append(Cell(column, row, sum(share > least for least in LEVELS), row >= promise))
    return found


@dataclass(frozen=True, slots=True)
class Server:
    """A replica as the edge saw it: requests sent there, times that it was slow to connect or broke off."""

    replica: str
    cluster: str
    requests: float
    retried: float
    broken: float
    ejected: float


_SERVERS = {
    "requests": "portico_edge_server_requests_total",
    "retried": "portico_edge_server_retries_total",
    "broken": "portico_edge_server_response_errors_total",
    "ejected": "portico_edge_server_ejections_total",
}


def servers(found: Breakdown) -> tuple[Server, ...]:
    """In the order of their names."""
    counted = {field: found.of(name, "replica", "cluster") for field, name in _SERVERS.items()}
    known = sorted({group for one in counted.values() for group in one.courses})
    return tuple(
        Server(replica, cluster, **{field: one.total(replica, cluster) for field, one in counted.items()})
        for replica, cluster in known
    )
