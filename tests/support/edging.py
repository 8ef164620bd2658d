"""A real HAProxy on free ports, configured by us and started as the keeper does, and a client for it."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portico.config import pace
from portico.config.home import Home
from portico.edge import livemap, master, posts, render, runtime, tls, validate
from portico.edge.spec import EdgeSpec, Server
from portico.kit import unixsocket

HOSTS = ("localhost", "127.0.0.1")
LIVE = "1" * 64
NEXT = "2" * 64
BROWSER = "gzip, deflate, br, zstd"
PATIENCE_S = 60


def until(condition: Callable[[], object], what: str, timeout: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"waited {timeout} s for: {what}"
        time.sleep(0.01)


def _patient(text: str) -> str:
    """The same edge, which waits as long for its servers as the test waits for it."""
    for waits in f"server {pace.HUNG_MS}ms", f"server {posts.ANSWER_S}s", "queue 2s":
        assert f"timeout {waits}\n" in text
        text = text.replace(f"timeout {waits}\n", f"timeout {waits.split()[0]} {PATIENCE_S}s\n")
    return text.replace("defaults base\n", f"defaults base\n    timeout check {PATIENCE_S}s\n")


def servers(*names: str, enabled: bool = True) -> tuple[Server, ...]:
    return tuple(Server(name, name[:-1], f"run/{name}/http.sock", enabled=enabled) for name in names)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Edge:
    """`home` is made, with certificate and map. `start` renders, validates and runs.

    One that is `patient` takes no server out that is only slow: it may be a thread of a busy test.
    """

    home: Home
    spec: EdgeSpec
    https: socket.socket
    http: socket.socket
    patient: bool = True
    process: subprocess.Popen[bytes] | None = None
    connections: list[http.client.HTTPConnection] = field(default_factory=list)

    @property
    def https_port(self) -> int:
        return int(self.https.getsockname()[1])

    @property
    def http_port(self) -> int:
        return int(self.http.getsockname()[1])

    @property
    def host(self) -> str:
        return f"localhost:{self.https_port}"

    @property
    def runtime(self) -> runtime.Runtime:
        return runtime.Runtime(self.home.edge_socket, timeout=PATIENCE_S)

    @property
    def log(self) -> str:
        return (self.home.logs / "edge.log").read_text()

    def start(self) -> None:
        self.install()
        descriptors = {"PORTICO_FD_HTTPS": self.https.fileno(), "PORTICO_FD_HTTP": self.http.fileno()}
        with (self.home.logs / "edge.log").open("ab") as log:
            self.process = subprocess.Popen(
                ["haproxy", "-W", "-S", "unix@run/master.sock", "-f", "edge/haproxy.cfg"],
                cwd=self.home.root,
                env=os.environ | {name: str(number) for name, number in descriptors.items()},
                pass_fds=tuple(descriptors.values()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        until(self.answers, "HAProxy to answer")

    def install(self) -> None:
        """What the spec says by now; who runs takes it up by a reload."""
        text = render.haproxy_cfg(self.spec)
        validate.install(_patient(text) if self.patient else text, self.home.root)

    def answers(self) -> bool:
        assert self.process
        assert self.process.poll() is None, self.log
        try:
            return self.runtime.worker_pid() > 0
        except runtime.UnavailableError:
            return False

    def stop(self) -> None:
        for connection in self.connections:
            connection.close()
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE_S)

    def context(self, *alpn: str) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=tls.ca_pem(self.home))
        if alpn:
            context.set_alpn_protocols(list(alpn))
        return context

    def connect(self) -> http.client.HTTPSConnection:
        made = http.client.HTTPSConnection(
            "localhost", self.https_port, timeout=PATIENCE_S, context=self.context()
        )
        self.connections.append(made)
        return made

    def get(self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """One request on a connection of its own; header names with `_` for `-`."""
        return ask(self.connect(), path, method, body, headers)

    def plain(self, path: str, *, method: str = "GET", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("localhost", self.http_port, timeout=PATIENCE_S)
        self.connections.append(connection)
        return ask(connection, path, method, None, headers)

    def inside(self, path: str, **headers: str) -> Answer:
        """Through the private door."""
        connection = unixsocket.HTTPConnection(self.home.inside_socket, PATIENCE_S)
        self.connections.append(connection)
        return ask(connection, path, "GET", None, headers)

    def raw(self, request: bytes) -> bytes:
        """These very bytes over TLS, and all that comes back until the edge closes."""
        with self.secure() as connection:
            connection.sendall(request)
            return everything(connection)

    @contextlib.contextmanager
    def secure(self, context: ssl.SSLContext | None = None) -> Iterator[ssl.SSLSocket]:
        with (
            socket.create_connection(("localhost", self.https_port), timeout=PATIENCE_S) as bare,
            (context or self.context()).wrap_socket(
                bare, server_hostname="localhost", do_handshake_on_connect=False
            ) as secure,
        ):
            secure.do_handshake()
            yield secure


@contextlib.contextmanager
def resuming(edge: Edge, context: ssl.SSLContext, session: ssl.SSLSession | None) -> Iterator[ssl.SSLSocket]:
    with (
        socket.create_connection(("localhost", edge.https_port), timeout=PATIENCE_S) as bare,
        context.wrap_socket(bare, server_hostname="localhost", session=session) as secure,
    ):
        yield secure


def ask(
    connection: http.client.HTTPConnection,
    path: str,
    method: str = "GET",
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """Unlike http.client, says no Accept-Encoding when told none."""
    named = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
    connection.putrequest(method, path, skip_accept_encoding=True, skip_host="host" in named)
    if body is not None and "transfer-encoding" not in named:
        connection.putheader("content-length", str(len(body)))
    for name, value in named.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    response = connection.getresponse()
    found = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, found, response.read())


def everything(connection: socket.socket) -> bytes:
    chunks = []
    with contextlib.suppress(ConnectionError, ssl.SSLEOFError):
        while chunk := connection.recv(65536):
            chunks.append(chunk)
    return b"".join(chunks)


def listening() -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", 0))
    made.listen(1024)
    return made


@contextlib.contextmanager
def prepared(root: Path, **changes: object) -> Iterator[Edge]:
    """A home with all that an edge needs; nothing runs yet, and what was started ends with the block."""
    home = Home(root).create()
    tls.provide(home, HOSTS, None, datetime.now(UTC))
    livemap.write(root, LIVE)
    https, http_ = listening(), listening()
    spec = EdgeSpec(hosts=HOSTS, https_port=https.getsockname()[1], servers=servers("a1", "b1"))
    edge = Edge(home, replace(spec, **changes), https, http_)
    for name in [*(server.name for server in edge.spec.servers), "mirror"]:
        home.replica_run(name).mkdir(parents=True, exist_ok=True)
    with pytest.MonkeyPatch.context() as patience:
        patience.setattr(master, "_PATIENCE", PATIENCE_S)
        patience.setattr(master, "_STARTING", PATIENCE_S)
        try:
            yield edge
        finally:
            edge.stop()
            https.close()
            http_.close()
