"""Who asks for what, counted from the edge's sample: by page, status, kind of visitor and country.

Few series whatever visitors do: `BUDGET` is the most there can be at one time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from portico.edge import logged
from portico.edge.logged import Line
from portico.watch import signal
from portico.watch.collect.asked import KINDS
from portico.watch.collect.seats import Seats
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Labels, Signal

PAGES, COUNTRIES = 24, 24
OTHER_PAGES, OTHER = "other pages", "other"
UNKNOWN = "unknown"
RESEAT_S = 3600.0

STATUSES = frozenset(
    {200, 204, 206, 301, 302, 303, 304, 307, 308}
    | {400, 403, 404, 405, 408, 410, 411, 413, 415, 416, 421, 422, 429, 431}
    | {500, 502, 503, 504}
)
"""What this edge and its replicas answer; any other is `other`."""

_SAMPLED = f"of one request in {logged.ONE_OF}, chosen by chance"


def _counter(name: str, told: str, *labels: str) -> Metric:
    return Metric(
        f"portico_traffic_{name}_total",
        Kind.COUNTER,
        "",
        f"{told}, {_SAMPLED}.",
        "traffic",
        labels,
        judged=False,
    )


PAGE = _counter(
    "pages",
    f"Requests by what they asked for: one of the {PAGES} pages asked for most, or a kind",
    "page",
    "code",
)
STATUS = _counter("statuses", "Answers by their status", "status")
VISITOR = _counter(
    "visitors", "Requests of people, and of programs that say so in their User-Agent", "visitor", "code"
)
COUNTRY = _counter("countries", "Requests by the country that `edge/country_header` names", "country")
METRICS = (PAGE, STATUS, VISITOR, COUNTRY)

_CLASSES = 5
BUDGET = (PAGES + 1 + len(KINDS)) * _CLASSES + len(STATUSES) + 1 + 2 * _CLASSES + COUNTRIES + 2


class Tally:
    """`name` says what a path stands for. `countries` is off where no header names them."""

    def __init__(self, name: Callable[[str, int], str], *, countries: bool) -> None:
        self._name = name
        self._countries = countries
        self._pages, self._places = Seats(PAGES), Seats(COUNTRIES)
        self._counts: Counter[tuple[str, Labels]] = Counter()
        self._told: set[tuple[str, Labels]] = set()
        self._reseated: float | None = None

    def note(self, line: Line) -> None:
        code = f"{line.status // 100}xx"
        self._add(PAGE, page=self._page(line), code=code)
        self._add(STATUS, status=str(line.status) if line.status in STATUSES else OTHER)
        self._add(VISITOR, visitor="program" if line.bot else "person", code=code)
        if self._countries:
            self._add(COUNTRY, country=self._country(line.country))

    def signals(self, now: float) -> Iterator[Signal]:
        """A new series begins with nothing, so that what it counts from there on is told whole."""
        self._reseat(now)
        for key, total in sorted(self._counts.items()):
            yield Signal(key[0], float(total) if key in self._told else 0.0, key[1])
            self._told.add(key)

    def _add(self, metric: Metric, **labels: str) -> None:
        self._counts[metric.name, signal.of(metric.name, 0, **labels).labels] += 1

    def _page(self, line: Line) -> str:
        name = self._name(line.path, line.status)
        return name if name in KINDS or self._pages.take(name) else OTHER_PAGES

    def _country(self, country: str) -> str:
        if not country:
            return UNKNOWN
        return country if self._places.take(country) else OTHER

    def _reseat(self, now: float) -> None:
        if self._reseated is None or abs(now - self._reseated) >= RESEAT_S:
            self._reseated = now
            self._drop(PAGE, "page", self._pages.reseat())
            self._drop(COUNTRY, "country", self._places.reseat())

    def _drop(self, metric: Metric, label: str, losers: list[str]) -> None:
        for key in [key for key in self._counts if key[0] == metric.name and dict(key[1])[label] in losers]:
            del self._counts[key]
            self._told.discard(key)
