"""A receiver of OTLP over HTTP, by the protocol's own services: what a collector sends on comes here too."""

from __future__ import annotations

import contextlib
import gzip
import http.server
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
    ExportMetricsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


@dataclass
class Receiver:
    """An OTLP/HTTP endpoint: it decodes what comes by the services' messages, and answers by them."""

    url: str = ""
    metrics: list[ExportMetricsServiceRequest] = field(default_factory=list)
    traces: list[ExportTraceServiceRequest] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    rejects: int = 0

    def take(self, path: str, body: bytes) -> bytes:
        if path == "/v1/metrics":
            self.metrics.append(ExportMetricsServiceRequest.FromString(body))
            answer = ExportMetricsServiceResponse()
            if self.rejects:
                answer.partial_success.rejected_data_points = self.rejects
                answer.partial_success.error_message = "too many series"
            return bytes(answer.SerializeToString())
        assert path == "/v1/traces", path
        self.traces.append(ExportTraceServiceRequest.FromString(body))
        return bytes(ExportTraceServiceResponse().SerializeToString())

    def points(self, name: str, number: int = -1) -> Any:
        """The gauge, sum or histogram of a metric in one of the requests."""
        (ours,) = self.metrics[number].resource_metrics
        (found,) = [one for one in ours.scope_metrics[0].metrics if one.name == name]
        return getattr(found, found.WhichOneof("data"))

    def spans(self) -> list[Any]:
        return [
            span
            for request in self.traces
            for ours in request.resource_spans
            for scope in ours.scope_spans
            for span in scope.spans
        ]


@contextlib.contextmanager
def receiving() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            made.heads.append({name.lower(): value for name, value in self.headers.items()})
            status = made.statuses.pop(0) if made.statuses else 200
            assert self.headers["content-type"] == "application/x-protobuf"
            answer = made.take(self.path, gzip.decompress(body)) if status == 200 else b"not now"
            self.send_response(status)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
