"""What one visitor may take: requests, connections and time. The limits are small, to be quick."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portico.edge.spec import Limits
from support import echoing, edging
from support.edging import Edge


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
    answers = [edging.ask(connection, "/page") for _ in range(12)]
    assert {answer.status for answer in answers[:10]} == {200}
    refused = answers[-1]
    assert refused.status == 429
    assert int(refused.headers["retry-after"]) > 0
    assert refused.headers["content-security-policy"].startswith("default-src 'none'")
    assert running.get("/page").status == 429, "another connection of the same address is no way around"


@limited(requests_per_second=1)
def test_the_inside_is_not_limited(running: Edge):
    for _ in range(15):
        assert running.inside("/page").status == 200


@limited(connections_per_address=2)
def test_an_address_holds_so_many_connections_and_no_more(running: Edge):
    with running.secure(), running.secure() as second:
        assert turned_away(running)
        second.sendall(f"GET /page HTTP/1.1\r\nhost: {running.host}\r\n\r\n".encode())
        assert second.recv(100).startswith(b"HTTP/1.1 200 ")
    edging.until(lambda: not turned_away(running), "room for a new connection")


def turned_away(edge: Edge) -> bool:
    """Closed at once, where a taken connection waits for the handshake."""
    try:
        with socket.create_connection(("localhost", edge.https_port), timeout=0.5) as bare:
            return bare.recv(1) == b""
    except ConnectionResetError:
        return True
    except TimeoutError:
        return False


@limited(request_timeout=0.3)
def test_headers_that_trickle_in_are_cut_off(running: Edge):
    with running.secure() as connection:
        connection.sendall(b"GET /page HTTP/1.1\r\n")
        connection.settimeout(0.05)
        answer = drip(connection, b"x: y\r\n")
    assert answer.startswith((b"HTTP/1.1 408 ", b"HTTP/1.0 408 "))


@limited(idle=0.3)
def test_a_handshake_that_never_comes_is_cut_off(running: Edge):
    with socket.create_connection(("localhost", running.https_port), timeout=20) as bare:
        assert bare.recv(1) == b""


@limited(keep_alive=0.3)
def test_an_idle_connection_is_closed(running: Edge):
    with running.secure() as connection:
        connection.sendall(f"HEAD /page HTTP/1.1\r\nhost: {running.host}\r\n\r\n".encode())
        assert b" 200 " in edging.everything(connection)


@limited(idle=0.3)
def test_a_reader_that_stops_is_let_go(running: Edge):
    """Asks for much more than all buffers hold, and never reads it."""
    before = running.runtime.traffic().connections
    with running.secure() as connection:
        request = f"GET /big/8000000 HTTP/1.1\r\nhost: {running.host}\r\n\r\n".encode()
        connection.sendall(request)
        edging.until(lambda: running.runtime.traffic().connections > before, "the connection to be seen")
        edging.until(lambda: running.runtime.traffic().connections == before, "the connection to be let go")


def drip(connection: socket.socket, line: bytes) -> bytes:
    """Send a line whenever nothing was answered; the answer, once there is one."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        try:
            return connection.recv(65536)
        except TimeoutError:
            connection.sendall(line)
    pytest.fail("was never cut off")
