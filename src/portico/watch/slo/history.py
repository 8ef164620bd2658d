"""What each indicator counted, from the store of series: read once whole, afterwards only the newest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from portico.watch import signal
from portico.watch.slo.budget import Counted
from portico.watch.slo.counting import Indicator, Share

HOUR_S = 3600.0
FINE_S = 7 * HOUR_S
"""So far back it is known to `SPAN_S`; what is older is kept by the hour."""

SPAN_S = 10.0
AGAIN_S = 60.0
"""So much of what was read before is read again: the last of it was perhaps not whole yet."""


class Row(Protocol):
    @property
    def at(self) -> float: ...
    @property
    def sum(self) -> float: ...


class Chart(Protocol):
    @property
    def rows(self) -> Sequence[Row]: ...


class Known(Protocol):
    @property
    def key(self) -> str: ...


class Reader(Protocol):
    """What is asked of the store of series, `watch.series.read.Reader`."""

    def names(self, prefix: str = "") -> Sequence[Known]: ...
    def query(self, key: str, start: float, end: float, points: int = ...) -> Chart: ...


class History:
    """Usable by one thread. `read` brings it up to date, `count` asks it."""

    def __init__(self, reader: Reader, indicators: Iterable[Indicator], window_s: float) -> None:
        self._reader = reader
        self._window_s = window_s
        self._by_metric: dict[str, list[Indicator]] = defaultdict(list)
        for indicator in indicators:
            self._by_metric[indicator.metric].append(indicator)
        self._spans = {one: _Spans() for group in self._by_metric.values() for one in group}
        self._read_to = 0.0

    def read(self, now: float) -> None:
        fine = (now - FINE_S) // HOUR_S * HOUR_S
        if self._read_to < now - FINE_S:
            self._whole(now - self._window_s, fine, now)
        else:
            since = (self._read_to - AGAIN_S) // AGAIN_S * AGAIN_S
            for spans in self._spans.values():
                spans.forget_after(since)
            self._take(since, now, SPAN_S / 2)
        for spans in self._spans.values():
            spans.fold(fine, now - self._window_s)
        self._read_to = now

    def count(self, indicator: Indicator, now: float, seconds: float) -> Counted:
        return self._spans[indicator].count(now - seconds)

    def length_s(self, indicator: Indicator, now: float) -> float:
        """How far back there is anything, in seconds."""
        first = self._spans[indicator].first()
        return 0.0 if first is None else now - first

    def _whole(self, start: float, fine: float, now: float) -> None:
        for spans in self._spans.values():
            spans.forget_after(0.0)
        if start < fine:
            self._take(start, fine, HOUR_S)
        self._take(max(start, fine), now, 60.0)

    def _take(self, start: float, end: float, step_s: float) -> None:
        points = max(1, round((end - start) / step_s))
        for key, shares in self._counted():
            for row in self._reader.query(key, start, end, points=points).rows:
                self._add(shares, row)

    def _add(self, shares: list[tuple[Indicator, Share]], row: Row) -> None:
        for indicator, share in shares:
            self._spans[indicator].add(row.at, row.sum * share.good, row.sum * share.total)

    def _counted(self) -> Iterator[tuple[str, list[tuple[Indicator, Share]]]]:
        """Each series that counts for anything, with what it counts for."""
        for metric, group in self._by_metric.items():
            for known in self._reader.names(metric):
                name, labels = signal.parse(known.key)
                sorted_in = [(one, one.sort(dict(labels))) for one in group if name == metric]
                shares = [(one, share) for one, share in sorted_in if share]
                if shares:
                    yield known.key, shares


class _Spans:
    """Good and total by the start of a span: short ones first, which `fold` makes to hours."""

    def __init__(self) -> None:
        self._fine: dict[float, tuple[float, float]] = {}
        self._hours: dict[float, tuple[float, float]] = {}

    def add(self, at: float, good: float, total: float) -> None:
        _put(self._fine, at // SPAN_S * SPAN_S, good, total)

    def forget_after(self, since: float) -> None:
        for kept in (self._fine, self._hours):
            for at in [at for at in kept if at >= since]:
                del kept[at]

    def fold(self, fine: float, start: float) -> None:
        """Keep what is older than `fine` by the hour, and nothing from before `start`."""
        for at in [at for at in self._fine if at < fine]:
            _put(self._hours, at // HOUR_S * HOUR_S, *self._fine.pop(at))
        for at in [at for at in self._hours if at + HOUR_S <= start]:
            del self._hours[at]

    def first(self) -> float | None:
        return min((*self._hours, *self._fine), default=None)

    def count(self, since: float) -> Counted:
        found = [span for at, span in self._fine.items() if at + SPAN_S > since]
        found += [span for at, span in self._hours.items() if at + HOUR_S > since]
        return Counted(sum(good for good, _ in found), sum(total for _, total in found))


def _put(spans: dict[float, tuple[float, float]], at: float, good: float, total: float) -> None:
    before = spans.get(at, (0.0, 0.0))
    spans[at] = (before[0] + good, before[1] + total)
