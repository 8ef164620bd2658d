"""OpenTelemetry's OTLP over HTTP with protobuf: metrics, and publishes as traces."""

from __future__ import annotations

import socket
from collections.abc import Iterator

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from portico.config.exporting import Otlp
from portico.ledger.ledger import Ledger
from portico.watch.export import posting
from portico.watch.export.exporter import Look
from portico.watch.export.otlp import packing, tracing
from portico.watch.export.paced import Paced
from portico.watch.export.shipping import Parcel, RefusedError, Shipper
from portico.watch.watched import Watched

AGAIN = frozenset({429, 502, 503, 504})
"""As the specification says; any other answer is for good."""

HEADERS = {"content-type": "application/x-protobuf", "content-encoding": "gzip"}


def made(watched: Watched) -> list[Paced]:
    """One for each that is configured."""
    settings = watched.settings
    stack = settings.export.stack or settings.edge.hosts[0]
    return [to(destination, stack, watched.ledger) for destination in settings.export.otlp]


def to(destination: Otlp, stack: str, ledger: Ledger) -> Paced:
    poster = posting.Poster(destination, AGAIN)
    resource = packing.resource(stack, socket.gethostname())
    metrics = packing.Packer(resource, delta=destination.temporality == "delta")
    traces = tracing.Tracer(resource, ledger) if destination.traces else None

    def pack(look: Look) -> Iterator[Parcel]:
        yield metrics.pack(look)
        if traces:
            yield from traces.pack(look.at)

    def send(parcel: Parcel) -> None:
        url = f"{destination.url.rstrip('/')}/v1/{parcel.what}"
        _look_at(poster.post(url, parcel.body, HEADERS), parcel.what)

    return Paced(Shipper(destination.name, pack, send), poster, destination.every_s)


def _look_at(answer: bytes, what: str) -> None:
    """What was taken in part only is told. Raises RefusedError."""
    try:
        if what == packing.METRICS:
            metrics = ExportMetricsServiceResponse.FromString(answer).partial_success
            rejected, why = metrics.rejected_data_points, metrics.error_message
        else:
            traces = ExportTraceServiceResponse.FromString(answer).partial_success
            rejected, why = traces.rejected_spans, traces.error_message
    except DecodeError:
        return
    if rejected:
        raise RefusedError(f"{rejected} {what} were not taken: {why}", count=rejected)
