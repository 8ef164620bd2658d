"""Quantiles over time from a histogram's buckets, as Prometheus' `histogram_quantile` computes them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import inf, isfinite

from portico.watch.series.chart import Chart, Row

WANTED = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
Buckets = Mapping[float, float]
"""Upper bound of a bucket to how many fell into it or one below."""


def charts(buckets: Iterable[tuple[str, Chart]]) -> Iterator[tuple[str, Chart]]:
    """A chart for each wanted quantile, all series together; `buckets` are their bounds and charts."""
    counted: dict[float, dict[float, float]] = defaultdict(lambda: defaultdict(float))
    model: Chart | None = None
    for bound, chart in buckets:
        model = chart if model is None or chart.step > model.step else model
        for row in chart.rows:
            counted[_moment(row.at, chart)][float(bound)] += row.sum
    if model is None:
        return
    for name, share in WANTED.items():
        rows = tuple(_row(at, counted[at], share) for at in sorted(counted) if max(counted[at].values()) > 0)
        yield name, Chart(name, model.start, model.end, model.step, model.apart, model.sampled, rows)


def _moment(at: float, chart: Chart) -> float:
    """Samples of one round have the same moment to the millisecond."""
    return round(at, 3) if chart.sampled else at


def _row(at: float, buckets: Buckets, share: float) -> Row:
    value = quantile(buckets, share)
    return Row(at, 1, value, value, value)


def quantile(buckets: Buckets, share: float) -> float:
    """Evenly spread within a bucket; what lies above the last bound counts as that bound."""
    rank = share * max(buckets.values())
    below, before = 0.0, 0.0
    for bound in sorted(buckets):
        if buckets[bound] >= rank and isfinite(bound):
            inside = buckets[bound] - before
            return below + (bound - below) * ((rank - before) / inside if inside else 1.0)
        if bound != inf:
            below, before = bound, buckets[bound]
    return below
