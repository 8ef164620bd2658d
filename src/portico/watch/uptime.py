"""How much of each day each part of the site was measured to work: what the public status page shows.

Only what is really measured counts: a part without a series isn't told of, a day without a sample is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from portico.watch import signal
from portico.watch.answer import What
from portico.watch.collect.intake import PROBE_UP
from portico.watch.collect.journey import STEP
from portico.watch.journey.plan import SEARCH
from portico.watch.probes.metrics import AGREED
from portico.watch.probes.report import EDGE
from portico.watch.series.chart import Chart, Row
from portico.watch.slo.counting import UNANSWERED

SEEN = "uptime"
"""Under which the watcher writes it into the ledger."""

DAY_S, HOUR_S = 86400.0, 3600.0
NOW_S = 120.0
"""What was measured in the last so many seconds says how it is now."""

Labels = Mapping[str, str]
Share = tuple[float, float]
"""Good and total."""


@dataclass(frozen=True, slots=True)
class Part:
    """`share` tells what a row of a series with these labels adds, None for one that doesn't count."""

    key: str
    metric: str
    share: Callable[[Labels, Row], Share | None]


@dataclass(frozen=True, slots=True)
class Day:
    """`at` is its beginning in UTC, seconds since the epoch."""

    at: float
    good: float
    total: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Of a part: how it is now, by `good` of `total` looks, and each day that was measured, in order."""

    key: str
    good: float
    total: float
    days: tuple[Day, ...] = field(default=())


class Reader(Protocol):
    """What is asked of the store of series, `watch.series.read.Reader`."""

    def names(self, prefix: str = "") -> Sequence[Any]: ...
    def query(self, key: str, start: float, end: float, points: int = ...) -> Chart: ...


def _reached(labels: Labels, row: Row) -> Share | None:
    """As a visitor, through the edge: it doesn't matter which cluster answers, or the mirror."""
    result = labels.get("result")
    if labels.get("target") != EDGE or result == What.UNKNOWN:
        return None
    return (0.0 if result in UNANSWERED else row.sum), row.sum


def _found(labels: Labels, row: Row) -> Share | None:
    """The browser's journey, once every few minutes; a gauge of its last one."""
    return (row.sum, row.count) if labels.get("step") == SEARCH else None


def _acknowledged(_labels: Labels, row: Row) -> Share | None:
    """A gauge of ones and zeros."""
    return row.sum, row.count


PARTS: tuple[Part, ...] = (
    Part("site", f"{AGREED.name}{{", _reached),
    Part("search", f"{STEP.name}{{", _found),
    Part("forms", PROBE_UP.name, _acknowledged),
)


class Uptime:
    """Days that are over are read once; usable by one thread."""

    def __init__(self, reader: Reader, days: int, parts: Iterable[Part] = PARTS) -> None:
        self._reader = reader
        self._days = days
        self._parts = tuple(parts)
        self._known: dict[str, dict[float, Day]] = {part.key: {} for part in self._parts}
        self._read_to = 0.0

    def look(self, now: float) -> list[Measured]:
        """The parts that anything was ever measured of."""
        today = now // DAY_S * DAY_S
        first = today - (self._days - 1) * DAY_S
        since = max(first, min(self._read_to, today - DAY_S))
        found = [self._measured(part, (since, now), first) for part in self._parts]
        self._read_to = today
        return [one for one in found if one.days]

    def _measured(self, part: Part, span: tuple[float, float], first: float) -> Measured:
        since, now = span
        days = self._known[part.key]
        days.update((day.at, day) for day in self._by_day(part, since, now))
        for at in [at for at in days if at < first]:
            del days[at]
        recent = list(self._rows(part, now - NOW_S, now, points=1000))
        good, total = (sum(share[side] for _, share in recent) for side in (0, 1))
        return Measured(part.key, good, total, tuple(days[at] for at in sorted(days)))

    def _by_day(self, part: Part, since: float, now: float) -> Iterator[Day]:
        sums: dict[float, Share] = {}
        points = max(1, round((now - since) / HOUR_S))
        for at, (good, total) in self._rows(part, since, now, points=points):
            day = at // DAY_S * DAY_S
            known = sums.get(day, (0.0, 0.0))
            sums[day] = (known[0] + good, known[1] + total)
        return (Day(at, good, total) for at, (good, total) in sums.items() if total > 0)

    def _rows(self, part: Part, start: float, end: float, *, points: int) -> Iterator[tuple[float, Share]]:
        for known in self._reader.names(part.metric):
            labels = dict(signal.parse(known.key)[1])
            for row in self._reader.query(known.key, start, end + 1, points=points).rows:
                if (share := part.share(labels, row)) is not None:
                    yield row.at, share


def told(found: Iterable[Measured]) -> list[dict[str, Any]]:
    """As it stands in the ledger."""
    return [asdict(one) for one in found]


def read(said: Any) -> tuple[Measured, ...]:
    return tuple(
        Measured(one["key"], one["good"], one["total"], tuple(Day(**day) for day in one["days"]))
        for one in said
    )
