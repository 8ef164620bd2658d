"""The watcher's private listener: metrics for scrapers, links in messages, reports of far probes."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from anyio import to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from portico.config.watching import Watch
from portico.kit import ports, web
from portico.watch.export import openmetrics
from portico.watch.probes.intake import Intake
from portico.watch.probes.wire import MOST_BYTES

log = logging.getLogger("portico.listener")

_BACKLOG = 128


class Listener:
    """Answers in a thread of its own; it serves people and tools, never visitors."""

    def __init__(self, watch: Watch, remembered: Path, routes: Sequence[BaseRoute]) -> None:
        self._listening = ports.bind_kept(
            watch.listen, watch.port, remembered, backlog=_BACKLOG, where="watch/listen"
        )
        self._server = web.Embedded(Starlette(routes=list(routes)), self._listening, backlog=_BACKLOG)
        self._thread = threading.Thread(target=self._serve, daemon=True, name="listener")
        self.address = web.address(self._listening)

    def start(self) -> None:
        self._thread.start()

    def _serve(self) -> None:
        try:
            asyncio.run(self._server.serve())
        except Exception:
            log.exception("the private listener ended")


def metrics(exposed: Callable[[], bytes]) -> Route:
    """`/metrics`, in OpenMetrics' text."""

    def answer(_request: Request) -> Response:
        return Response(exposed(), media_type=openmetrics.CONTENT_TYPE)

    return Route("/metrics", answer)


def probes(intake: Intake) -> list[Route]:
    """`/probe`: far probes fetch what to look for, and hand in what they saw."""

    def expected(request: Request) -> Response:
        status, body = intake.expected(_bearer(request))
        return Response(body, status, media_type="application/json")

    async def take(request: Request) -> Response:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                return Response(status_code=413)
        return Response(status_code=await to_thread.run_sync(intake.take, bytes(body), _bearer(request)))

    return [Route("/probe", expected), Route("/probe", take, methods=["POST"])]


def _bearer(request: Request) -> str:
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    return shown.strip() if scheme.lower() == "bearer" else ""
