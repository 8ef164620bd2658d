"""One request over HTTP/2, with pseudo-headers as odd as a test wants them."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Sequence

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, DataReceived, ResponseReceived, StreamEnded, StreamReset

from support.edging import Answer, Edge

_AS_GIVEN = H2Configuration(
    header_encoding="utf-8", validate_outbound_headers=False, normalize_outbound_headers=False
)
_LAST = (StreamEnded, StreamReset, ConnectionTerminated)


def ask(
    edge: Edge,
    path: str,
    *,
    method: str = "GET",
    authority: str | None = None,
    headers: Sequence[tuple[str, str]] = (),
    body: bytes = b"",
) -> Answer:
    """Status 0 where the stream was reset or the connection ended without an answer."""
    asked = _request(edge, method, path, authority)
    with edge.secure(edge.context("h2")) as connection:
        talk = H2Connection(_AS_GIVEN)
        talk.initiate_connection()
        talk.send_headers(1, [*asked, *headers], end_stream=not body)
        if body:
            talk.send_data(1, body, end_stream=True)
        connection.sendall(talk.data_to_send())
        return _answer(talk, connection)


def _answer(talk: H2Connection, connection: ssl.SSLSocket) -> Answer:
    answer = Answer(0, {}, b"")
    while data := connection.recv(65536):
        for event in talk.receive_data(data):
            if isinstance(event, ResponseReceived):
                found = {str(name): str(value) for name, value in event.headers}
                answer.status, answer.headers = int(found.pop(":status")), found
            elif isinstance(event, DataReceived):
                answer.body += event.data
            elif isinstance(event, _LAST):
                return answer
        connection.sendall(talk.data_to_send())
    return answer


def reset_many(edge: Edge, count: int) -> None:
    """The rapid reset: streams opened and cancelled as fast as they can be written."""
    with edge.secure(edge.context("h2")) as connection, contextlib.suppress(OSError):
        talk = H2Connection(_AS_GIVEN)
        talk.initiate_connection()
        for stream in range(1, 2 * count, 2):
            talk.send_headers(stream, _request(edge, "GET", "/page"), end_stream=True)
            talk.reset_stream(stream)
            connection.sendall(talk.data_to_send())


def _request(edge: Edge, method: str, path: str, authority: str | None = None) -> list[tuple[str, str]]:
    return [
        (":method", method),
        (":scheme", "https"),
        (":authority", authority or edge.host),
        (":path", path),
    ]
