"""Every metric there is, in one table: what docs/metrics.md, the exporters and the tests go by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import groupby
from types import MappingProxyType

from portico.watch.collect import table
from portico.watch.export import exporter
from portico.watch.metric import Kind, Metric
from portico.watch.probes import metrics as probes
from portico.watch.slo import metrics as slo

PARTS_OF_A_HISTOGRAM = ("_bucket", "_sum", "_count")
_ALL: tuple[Metric, ...] = (*table.METRICS, *probes.METRICS, *exporter.METRICS, *slo.METRICS)

METRICS: Mapping[str, Metric] = MappingProxyType({metric.name: metric for metric in _ALL})


def find(name: str) -> Metric | None:
    """The metric of a signal; a histogram's signals are called by its name and an ending."""
    if found := METRICS.get(name):
        return found
    for ending in PARTS_OF_A_HISTOGRAM:
        found = METRICS.get(name.removesuffix(ending)) if name.endswith(ending) else None
        if found and found.kind is Kind.HISTOGRAM:
            return found
    return None


def counters() -> frozenset[str]:
    """The names of all signals that only grow."""
    return frozenset(name for metric in _ALL for name in _growing(metric))


@cache
def unjudged() -> frozenset[str]:
    """The names of all signals that no detector learns."""
    return frozenset(name for metric in _ALL if not metric.judged for name in _signals(metric))


def manual() -> str:
    """docs/metrics.md: one table for each owner."""
    lines = [*_HEAD]
    for owner, metrics in groupby(sorted(_ALL, key=lambda metric: (metric.owner, metric.name)), _owner):
        lines += ["", f"## {owner}", "", "| metric | kind | unit | labels | what |", "|---|---|---|---|---|"]
        lines += [_row(metric) for metric in metrics]
    return "\n".join([*lines, ""])


_HEAD = (
    "# Metrics",
    "",
    "Made from the code by `dev/docs.py`. Names and units follow the conventions of Prometheus and",
    "OpenTelemetry: a counter ends in `_total` and only grows, a unit stands in the name, times are seconds.",
    "A histogram has `_bucket`, `_sum` and `_count`. **Felt** are those whose anomalies visitors feel: they",
    "are told to people, those of others are evidence only.",
    "",
    "`portico metrics list` shows the series that there are. The watcher's private listener tells their",
    "latest values to Prometheus, in OpenMetrics' text:",
    "",
    "```yaml",
    "scrape_configs:",
    "  - job_name: portico",
    '    static_configs: [{targets: ["127.0.0.1:9464"]}]',
    "```",
    "",
    "Port and address are `watch/port` and `watch/listen`. `watch/statsd` sends the same to a DogStatsD",
    "agent: counters as what they grew by, histograms as distributions, and their sum and count.",
)


def _growing(metric: Metric) -> Iterable[str]:
    if metric.kind is Kind.HISTOGRAM:
        return [f"{metric.name}{ending}" for ending in PARTS_OF_A_HISTOGRAM]
    return [metric.name] if metric.kind is Kind.COUNTER else []


def _signals(metric: Metric) -> Iterable[str]:
    return _growing(metric) or [metric.name]


def _owner(metric: Metric) -> str:
    return metric.owner


def _row(metric: Metric) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    felt = " **Felt.**" if metric.felt else ""
    return f"| `{metric.name}` | {metric.kind} | {metric.unit} | {labels} | {metric.help}{felt} |"
