"""What one visitor may take: requests, connections and time. The limits are small, to be quick."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portico.edge.spec import Limits
from support import echoing, edging
from support.edging import Answer, Edge


@pytest.fixture
def running(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Edge]:
    with edging.prepared(tmp_path, limits=request.param) as edge, echoing.replica(tmp_path, "a1"):
        edge.start()
        yield edge
        edge.stop()


def limited(**values: float) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("running", [Limits(**values)], indirect=True)


@limited(requests_per_second=1)
def test_too_many_requests_get_429_with_retry_after(running: Edge):
    connection = running.connect()
    assert {edging.ask(connection, "/page").status for _ in range(10)} == {200}
    refused = flooded(lambda: edging.ask(connection, "/page"))
    assert int(refused.headers["retry-after"]) > 0
    assert refused.headers["content-security-policy"].startswith("default-src 'none'")
    assert flooded(lambda: running.get("/page")), "another connection of the same address is no way around"


def flooded(ask: Callable[[], Answer]) -> Answer:
    """Ask until it is too often: how often that is within 10 s depends on the machine."""
    return next(answer for answer in iter(ask, None) if answer.status == 429)


@limited(requests_per_second=1)
def test_the_inside_is_not_limited(running: Edge):
    for _ in range(15):
        assert running.inside("/page").status == 200


@limited(connections_per_address=2)
def test_an_address_holds_so_many_connections_and_no_more(running: Edge):
    with running.secure(), running.secure() as second:
        assert not let_in(running)
        second.sendall(f"GET /page HTTP/1.1\r\nhost: {running.host}\r\n\r\n".encode())
        assert second.recv(100).startswith(b"HTTP/1.1 200 ")
    edging.until(lambda: let_in(running), "room for a new connection")


def let_in(edge: Edge) -> bool:
    """Who isn't is hung up on before the handshake."""
    with contextlib.suppress(ConnectionError, ssl.SSLEOFError), edge.secure():
        return True
    return False


@limited(request_timeout=1)
def test_headers_that_trickle_in_are_cut_off(running: Edge):
    """The second begins with the connection."""
    with running.secure() as connection:
        connection.sendall(b"GET /page HTTP/1.1\r\n")
        answer = drip(connection, b"x: y\r\n")
    assert answer.startswith((b"HTTP/1.1 408 ", b"HTTP/1.0 408 "))


@limited(idle=0.3)
def test_a_handshake_that_never_comes_is_cut_off(running: Edge):
    with socket.create_connection(("localhost", running.https_port), timeout=edging.PATIENCE_S) as bare:
        assert bare.recv(1) == b""


@limited(keep_alive=0.3)
def test_an_idle_connection_is_closed(running: Edge):
    with running.secure() as connection:
        connection.sendall(f"HEAD /page HTTP/1.1\r\nhost: {running.host}\r\n\r\n".encode())
        assert b" 200 " in edging.everything(connection)


@limited(idle=1)
def test_a_reader_that_stops_is_let_go(running: Edge):
    """Asks for much more than all buffers hold, and never reads it."""
    before = running.runtime.traffic()
    with running.secure() as connection:
        request = f"GET /big/8000000 HTTP/1.1\r\nhost: {running.host}\r\n\r\n".encode()
        connection.sendall(request)
        edging.until(lambda: running.runtime.traffic().requests > before.requests, "the request to be seen")
        edging.until(
            lambda: running.runtime.traffic().connections == before.connections, "the connection to be let go"
        )


def drip(connection: socket.socket, line: bytes) -> bytes:
    """Send a line whenever nothing was answered; the answer, once there is one."""
    answered: list[bytes] = []
    connection.settimeout(0.05)

    def dripped() -> list[bytes]:
        try:
            answered.append(connection.recv(65536))
        except TimeoutError:
            # who was cut off just now finds the answer in the next turn
            with contextlib.suppress(ConnectionError, ssl.SSLEOFError):
                connection.sendall(line)
        return answered

    edging.until(dripped, "being cut off")
    return answered[0]
