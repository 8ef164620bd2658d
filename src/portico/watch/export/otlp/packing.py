"""A round of numbers as OTLP's metrics: gauges, sums and histograms of one resource, the stack."""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.metrics.v1 import metrics_pb2
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from portico.watch import registry, signal
from portico.watch.export.exporter import Look
from portico.watch.export.otlp.totals import Span, Totals
from portico.watch.export.shipping import Parcel
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Labels, Signal

METRICS = "metrics"
SCOPE = InstrumentationScope(name="portico.watch")
UNITS = {"seconds": "s", "bytes": "By", "ratio": "1"}
"""In UCUM, which OpenTelemetry asks for."""

QUICK = 4
"""gzip's level."""

_LE = "le"


class Packer:
    """Remembers the totals before, for counters are told with the time since when they count."""

    def __init__(self, resource: Resource, *, delta: bool) -> None:
        self._resource = resource
        self._totals = Totals(delta=delta)
        aggregation = metrics_pb2.AggregationTemporality
        self._temporality = (
            aggregation.AGGREGATION_TEMPORALITY_DELTA
            if delta
            else aggregation.AGGREGATION_TEMPORALITY_CUMULATIVE
        )

    def pack(self, look: Look) -> Parcel:
        request = ExportMetricsServiceRequest()
        ours = request.resource_metrics.add(resource=self._resource)
        scope = ours.scope_metrics.add(scope=SCOPE)
        count = 0
        for metric, signals in _families(look.signals):
            told = metrics_pb2.Metric(
                name=metric.name, description=metric.help, unit=UNITS.get(metric.unit, "1")
            )
            points = self._fill(told, metric, signals, look.at)
            if points:
                scope.metrics.append(told)
                count += points
        return Parcel(squeezed(request), METRICS, count)

    def _fill(self, told: Any, metric: Metric, signals: Sequence[Signal], at: float) -> int:
        """How many points there are."""
        if metric.kind is Kind.GAUGE:
            for one in signals:
                told.gauge.data_points.add(
                    attributes=attributes(one.labels), time_unix_nano=nano(at), as_double=one.value
                )
            return len(signals)
        if metric.kind is Kind.COUNTER:
            told.sum.aggregation_temporality, told.sum.is_monotonic = self._temporality, True
            return sum(self._add_total(told.sum, one, at) for one in signals)
        told.histogram.aggregation_temporality = self._temporality
        return sum(self._add_histogram(told.histogram, *one, at) for one in _histograms(signals))

    def _add_total(self, told: Any, one: Signal, at: float) -> bool:
        span = self._totals.span(one.key, at, (one.value,))
        if span:
            told.data_points.add(
                attributes=attributes(one.labels),
                start_time_unix_nano=nano(span.start),
                time_unix_nano=nano(at),
                as_double=span.values[0],
            )
        return span is not None

    def _add_histogram(self, told: Any, labels: Labels, parts: Mapping[str, float], at: float) -> bool:
        """Buckets are cumulative with us, each for itself in OTLP."""
        bounds = sorted((float(end), end) for end in parts if end not in {"sum", "count"})
        if "sum" not in parts or not bounds:
            return False
        values = (parts["sum"], *(parts[end] for _, end in bounds))
        span: Span | None = self._totals.span(signal.key(told.__class__.__name__, labels), at, values)
        if span is None:
            return False
        total, *heights = span.values
        counts = [int(high - low) for low, high in zip((0.0, *heights), heights, strict=False)]
        told.data_points.add(
            attributes=attributes(labels),
            start_time_unix_nano=nano(span.start),
            time_unix_nano=nano(at),
            count=sum(counts),
            sum=total,
            bucket_counts=counts,
            explicit_bounds=[end for end, _ in bounds if end != float("inf")],
        )
        return True


def resource(stack: str, host: str) -> Resource:
    """By the semantic conventions; Prometheus makes `job` and `instance` of the first two."""
    return Resource(
        attributes=attributes(
            (
                ("service.name", "portico"),
                ("service.instance.id", stack),
                ("host.name", host),
            )
        )
    )


def attributes(labels: Iterable[tuple[str, str]]) -> list[KeyValue]:
    return [KeyValue(key=name, value=AnyValue(string_value=value)) for name, value in labels if value]


def nano(at: float) -> int:
    return round(at * 1e6) * 1000


def squeezed(request: Any) -> bytes:
    """The same request gives the same bytes."""
    return gzip.compress(request.SerializeToString(deterministic=True), QUICK, mtime=0)


def _families(signals: Iterable[Signal]) -> Iterator[tuple[Metric, list[Signal]]]:
    """What isn't registered is left out."""
    found: dict[str, list[Signal]] = defaultdict(list)
    for one in signals:
        if metric := registry.find(one.name):
            found[metric.name].append(one)
    return ((registry.METRICS[name], some) for name, some in found.items())


def _histograms(signals: Iterable[Signal]) -> Iterator[tuple[Labels, dict[str, float]]]:
    """The parts of each: its sum, its count, and its buckets by their upper ends."""
    found: dict[Labels, dict[str, float]] = defaultdict(dict)
    for one in signals:
        end = next((value for name, value in one.labels if name == _LE), "")
        labels = tuple((name, value) for name, value in one.labels if name != _LE)
        found[labels][end or one.name.rpartition("_")[2]] = one.value
    return iter(found.items())
