"""The traces of what was published since the last look, read from the ledger in the exporter's own thread."""

from __future__ import annotations

from collections.abc import Iterator

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Told
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from portico.ledger.ledger import Ledger
from portico.watch.export.otlp import packing
from portico.watch.export.otlp.publishes import Follower, Span
from portico.watch.export.shipping import Parcel

TRACES = "traces"
BACK = 2000
"""So many events before its start are read, for publishes that were under way."""

AGAIN_S = 600.0
"""What ended so long before the watcher's start may not have been sent; sent twice it is the same trace."""


class Tracer:
    def __init__(self, resource: Resource, ledger: Ledger) -> None:
        self._resource, self._ledger = resource, ledger
        self._follower = Follower()
        self._seq: int | None = None

    def pack(self, now: float) -> Iterator[Parcel]:
        spans = [span for trace in self._ended(now) for span in trace]
        if spans:
            request = ExportTraceServiceRequest()
            ours = request.resource_spans.add(resource=self._resource)
            ours.scope_spans.add(scope=packing.SCOPE, spans=[_told(span) for span in spans])
            yield Parcel(packing.squeezed(request), TRACES, len(spans))

    def _ended(self, now: float) -> Iterator[list[Span]]:
        first = self._seq is None
        events = self._ledger.events(last=BACK) if first else self._ledger.events(after=self._seq or 0)
        self._seq = self._seq or 0
        for event in events:
            self._seq = event.seq
            trace = self._follower.hear(event)
            if trace and (not first or event.at >= now - AGAIN_S):
                yield trace


def _told(span: Span) -> Told:
    failed = Status(code=Status.STATUS_CODE_ERROR, message=span.failed)
    return Told(
        trace_id=span.trace,
        span_id=span.id,
        parent_span_id=span.parent,
        name=span.name,
        kind=Told.SPAN_KIND_INTERNAL,
        start_time_unix_nano=packing.nano(span.start),
        end_time_unix_nano=packing.nano(span.end),
        attributes=packing.attributes(span.labels),
        status=failed if span.failed else Status(code=Status.STATUS_CODE_OK),
    )
