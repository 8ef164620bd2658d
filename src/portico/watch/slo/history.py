"""What each indicator counted, from the store of series: read once whole, afterwards only the newest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from portico.config.models import Settings
from portico.watch import signal
from portico.watch.slo.budget import Counted
from portico.watch.slo.counting import Indicator, Share

HOUR_S, MINUTE_S = 3600.0, 60.0
FINE_S = 7 * HOUR_S
"""So far back it is known to `SPAN_S`; what is older is kept by the hour."""

SPAN_S = 10.0
AGAIN_S = 60.0
"""So much of what was read before is read again: the last of it was perhaps not whole yet."""


class Row(Protocol):
    @property
    def at(self) -> float: ...
    @property
    def count(self) -> float: ...
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

    def __init__(self, reader: Reader, indicators: Iterable[Indicator], settings: Settings) -> None:
        self._reader = reader
        self._window_s = settings.slo.window_days * 86400
        self._every_s = settings.watch.every_s
        self._by_metric: dict[str, list[Indicator]] = defaultdict(list)
        for indicator in indicators:
            self._by_metric[indicator.metric].append(indicator)
        self._spans = {one: _Spans() for group in self._by_metric.values() for one in group}
        self._read_to = 0.0

    def read(self, now: float) -> None:
        fine = (now - FINE_S) // HOUR_S * HOUR_S
        known = self._read_to >= now - FINE_S
        again = (self._read_to - AGAIN_S) // MINUTE_S * MINUTE_S if known else 0.0
        for spans in self._spans.values():
            spans.forget_after(again)
        if not known and self._window_s > FINE_S:
            self._take_hours(now - self._window_s, fine)
        self._take(max(again, fine), now)
        for spans in self._spans.values():
            spans.fold(fine, now - self._window_s)
        self._read_to = now

    def count(self, indicator: Indicator, now: float, seconds: float) -> Counted:
        return self._spans[indicator].count(now - seconds)

    def _take(self, start: float, now: float) -> None:
        step_s = SPAN_S / 2 if now - start <= HOUR_S else MINUTE_S
        points = round((now - start) / step_s) + 1
        for key, shares in self._counted():
            for row in self._reader.query(key, start, now + 1, points=points).rows:
                for indicator, share in shares:
                    self._spans[indicator].add(row.at, row.sum * share.good, row.sum * share.total)

    def _take_hours(self, start: float, end: float) -> None:
        for key, shares in self._counted():
            for row in self._reader.query(key, start, end, points=round((end - start) / HOUR_S)).rows:
                measured_s = min(HOUR_S, row.count * self._every_s)
                for indicator, share in shares:
                    counted = Counted(row.sum * share.good, row.sum * share.total, measured_s)
                    self._spans[indicator].add_hour(row.at, counted)

    def _counted(self) -> Iterator[tuple[str, list[tuple[Indicator, Share]]]]:
        """Each series that counts for anything, with what it counts for."""
        for metric, group in self._by_metric.items():
            for known in self._reader.names(f"{metric}{{"):
                labels = dict(signal.parse(known.key)[1])
                shares = [(one, share) for one in group if (share := one.sort(labels))]
                if shares:
                    yield known.key, shares


class _Spans:
    """Good and total by the start of a span: short ones first, which `fold` makes to hours."""

    def __init__(self) -> None:
        self._fine: dict[float, tuple[float, float]] = {}
        self._minutes: set[float] = set()
        self._hours: dict[float, Counted] = {}

    def add(self, at: float, good: float, total: float) -> None:
        span = at // SPAN_S * SPAN_S
        before = self._fine.get(span, (0.0, 0.0))
        self._fine[span] = (before[0] + good, before[1] + total)
        self._minutes.add(at // MINUTE_S * MINUTE_S)

    def add_hour(self, at: float, counted: Counted) -> None:
        """Series of the same hour were measured in the same seconds."""
        hour = at // HOUR_S * HOUR_S
        known = self._hours.get(hour, Counted())
        measured_s = max(known.measured_s, counted.measured_s)
        self._hours[hour] = Counted(known.good + counted.good, known.total + counted.total, measured_s)

    def forget_after(self, since: float) -> None:
        self._fine = {at: span for at, span in self._fine.items() if at < since}
        self._hours = {at: span for at, span in self._hours.items() if at < since}
        self._minutes = {at for at in self._minutes if at < since}

    def fold(self, fine: float, start: float) -> None:
        """Keep what is older than `fine` by the hour, and nothing from before `start`."""
        for at in sorted(at for at in self._fine if at < fine):
            hour = at // HOUR_S * HOUR_S
            seen = sum(MINUTE_S for minute in self._minutes if hour <= minute < hour + HOUR_S)
            self.add_hour(at, Counted(*self._fine.pop(at), seen))
        self._minutes = {at for at in self._minutes if at >= fine}
        self._hours = {at: span for at, span in self._hours.items() if at + HOUR_S > start}

    def count(self, since: float) -> Counted:
        fine = [span for at, span in self._fine.items() if at + SPAN_S > since]
        hours = [span for at, span in self._hours.items() if at + HOUR_S > since]
        seen = sum(MINUTE_S for at in self._minutes if at + MINUTE_S > since)
        return Counted(
            sum(good for good, _ in fine) + sum(span.good for span in hours),
            sum(total for _, total in fine) + sum(span.total for span in hours),
            seen + sum(span.measured_s for span in hours),
        )
