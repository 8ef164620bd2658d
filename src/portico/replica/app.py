"""The replica's RSGI application: `/<snapshot id>/<path>` from the store or to a form, `/-/` about itself."""

from __future__ import annotations

import json
import os
import re
import traceback
from collections.abc import Sequence
from typing import Any, Protocol

from portico.intake import schema
from portico.kit.errors import IntegrityError, PorticoError
from portico.model import Header
from portico.replica import answers, body, forms, log, peers, posted, resolve, serve
from portico.replica.answers import Answer
from portico.replica.bodies import Bodies
from portico.replica.body import Incoming
from portico.replica.intake import Intake
from portico.replica.library import Library, Recent, holding
from portico.replica.metrics import CONTENT_TYPE, Metrics
from portico.replica.rules import Moved
from portico.replica.serve import Request, RequestHeaders
from portico.store import read

_ITSELF = "/-/"
_ADDRESS = re.compile(r"/([0-9a-f]{64})(/.*)", re.DOTALL)


class Scope(Protocol):
    """What granian tells about a request."""

    method: str
    path: str
    query_string: str
    headers: RequestHeaders


class Responder(Incoming, Protocol):
    """How granian is answered."""

    def response_empty(self, status: int, headers: list[Header]) -> None: ...

    def response_bytes(self, status: int, headers: list[Header], body: bytes) -> None: ...

    def response_file(self, status: int, headers: list[Header], file: str) -> None: ...

    def response_file_range(
        self, status: int, headers: list[Header], file: str, start: int, end: int
    ) -> None: ...


class App:
    """Without an `intake` it takes no posts: the mirror doesn't.

    The first library is the site's, by which it says of itself how it is; others are served from, too.
    """

    def __init__(self, name: str, libraries: Sequence[Library], intake: Intake | None = None) -> None:
        self._name = name
        self._libraries = libraries
        self._library = libraries[0]
        self._intake = intake
        self._bodies = {id(one): Bodies(one.store, one.refusals) for one in libraries}
        self._metrics = Metrics()
        self._failures: Recent[str, bool] = Recent(64)

    async def __rsgi__(self, scope: Scope, proto: Responder) -> None:
        try:
            self._send(scope, proto, await self._answer(scope, proto))
        except Exception as error:  # noqa: BLE001 - the program's error boundary
            self._log_failure(error)
            self._send(scope, proto, answers.refusal(500))

    def _send(self, scope: Scope, proto: Responder, answer: Answer) -> None:
        sent = 0 if scope.method == "HEAD" else answer.length
        _send(proto, answer, with_body=bool(sent))
        if not scope.path.startswith(_ITSELF):
            self._metrics.count(answer.status, sent)

    async def _answer(self, scope: Scope, incoming: Incoming) -> Answer:
        if scope.method not in {"GET", "HEAD"}:
            return await self._sent(scope, incoming)
        path = scope.path
        if path.startswith(_ITSELF):
            return self._about_itself(path)
        address = _ADDRESS.fullmatch(path)
        if address is None:
            return answers.refusal(404)
        request = Request(scope.method, address[2], scope.query_string, scope.headers)
        try:
            return await self._page(address[1], request)
        except (read.UnknownSnapshotError, IntegrityError):
            return answers.unavailable()

    async def _sent(self, scope: Scope, incoming: Incoming) -> Answer:
        if scope.method == "OPTIONS":
            return answers.options()
        if scope.method == "PUT" and self._intake and scope.path.startswith(peers.PATH):
            return await self._intake.take_copy(scope.path.removeprefix(peers.PATH), scope.headers, incoming)
        address = _ADDRESS.fullmatch(scope.path)
        is_post = scope.method == "POST" and address and address[2].startswith(forms.PATH)
        if address and is_post and self._intake:
            return await self._intake.take(address[1], address[2], scope.headers, incoming)
        await body.drop(scope.headers, incoming, schema.MOST_BYTES)
        return posted.refusal(503, in_json=False) if is_post else answers.not_readable_so()

    async def _page(self, snapshot: str, request: Request) -> Answer:
        if request.path.startswith(_ITSELF):
            is_form = request.path.startswith(forms.PATH)
            return answers.only_sent_to() if is_form else answers.refusal(404)
        library = holding(self._libraries, snapshot)
        found = resolve.resolve(library.site(snapshot), request.path, request.query)
        if found is None:
            return answers.refusal(404)
        if isinstance(found, Moved):
            return answers.moved(found)
        return await serve.answer(self._bodies[id(library)], found, request)

    def _about_itself(self, path: str) -> Answer:
        if path == "/-/live":
            return self._live()
        if path == "/-/ready":
            return self._ready()
        if path == "/-/metrics":
            shards, refused = self._library.cached_shards, len(self._library.refusals)
            text = self._metrics.text(refused=refused, cached_shards=shards, intake=self._intake)
            return answers.own(200, text, CONTENT_TYPE)
        return answers.refusal(404)

    def _live(self) -> Answer:
        """Answers while the store is broken, too; refused files that changed are looked at again."""
        for bodies in self._bodies.values():
            bodies.recheck()
        snapshots, refused = self._library.snapshots(), self._library.refusals.listed()
        return _json(
            200, {"name": self._name, "pid": os.getpid(), "snapshots": snapshots, "refused": refused}
        )

    def _ready(self) -> Answer:
        snapshots = self._library.snapshots()
        if not snapshots:
            return _json(503, {"ready": False, "why": "there is no snapshot in the store"})
        try:
            self._library.site(snapshots[0])
        except PorticoError as error:
            return _json(503, {"ready": False, "snapshot": snapshots[0], "why": error.what})
        return _json(200, {"ready": True, "snapshot": snapshots[0]})

    def _log_failure(self, error: Exception) -> None:
        """Each reason once; a visitor who asks again and again must not fill the disk."""
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{os.path.basename(place.filename)}:{place.name}"  # noqa: PTH119 - a name in a traceback, no file
        why = f"{type(error).__name__}: {error}"
        if not self._failures.get(f"{where} {type(error).__name__}"):
            self._failures.put(f"{where} {type(error).__name__}", value=True)
            log.line("failed", replica=self._name, why=why, where=where)


def _json(status: int, value: dict[str, Any]) -> Answer:
    return answers.own(status, json.dumps(value).encode(), answers.JSON)


def _send(proto: Responder, answer: Answer, *, with_body: bool) -> None:
    if not with_body:
        proto.response_empty(answer.status, answer.headers)
    elif answer.file is None:
        proto.response_bytes(answer.status, answer.headers, answer.data)
    elif answer.status == 206 and answer.span:
        span = answer.span
        proto.response_file_range(answer.status, answer.headers, answer.file, span.start, span.end)
    else:
        proto.response_file(answer.status, answer.headers, answer.file)
