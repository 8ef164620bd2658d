"""One visit of a new visitor: a fresh connection, each phase timed, and the pages that are asked for."""

from __future__ import annotations

import contextlib
import io
import select
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http import client
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlsplit

from portico.kit import unixsocket
from portico.model import Header
from portico.watch import answer
from portico.watch.answer import Answer

AGENT = "Portico-Probe/1"
MOST = 8 << 20
"""Bytes of a body that are read at most: who defaces a site may send one without end."""
_PIECE = 1 << 16
Address = tuple[str, int]
"""A host and a port."""


@dataclass(frozen=True, slots=True)
class Way:
    """How the site is reached: by its address's name, or `at` a host and port or a unix socket."""

    address: str
    context: ssl.SSLContext | None = None
    at: Address | Path | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""

    @property
    def secure(self) -> bool:
        return self.address.startswith("https:")

    @property
    def port(self) -> int:
        parts = urlsplit(self.address)
        return parts.port or (443 if parts.scheme == "https" else 80)


@dataclass(slots=True)
class Visit:
    """`phases` are the seconds that dns, tcp, tls, first_byte and total took, those that there were.

    `first_byte` is from the request, `total` from the visit's beginning to the end of its first page.
    """

    way: Way
    timeout: float
    phases: dict[str, float] = field(default_factory=dict)
    _connection: _Connection | None = None

    def get(self, path: str, method: str = "GET") -> Answer:
        """Raises OSError or HTTPException; each page has the whole timeout.

        A connection that was closed after an earlier page is made anew, as browsers do.
        """
        if self._connection is None or self._connection.sock is None:
            return self._get(path, method)
        try:
            return self._get(path, method)
        except (client.RemoteDisconnected, ConnectionError):
            self.close()
            return self._get(path, method)

    def _get(self, path: str, method: str) -> Answer:
        began = time.monotonic()
        clock = Clock(began + self.timeout)
        connection = self._connection or self._open()
        if connection.sock is None:
            connection.sock = self._connect(clock)
        connection.sock.clock = clock
        asked = time.monotonic()
        accepted = "identity" if method == "HEAD" else answer.ACCEPTED
        headers = {"accept-encoding": accepted, "user-agent": AGENT, **self.way.headers}
        connection.request(method, quote(path, safe="/:@!$&'()*+,;=~-._"), headers=headers)
        response = connection.getresponse()
        body = _body(response)
        self.phases.setdefault("first_byte", clock.first - asked)
        self.phases.setdefault("total", time.monotonic() - began)
        named = joined(response.getheaders())
        if not response.isclosed():
            connection.close()
        return Answer(response.status, named, body)

    def close(self) -> None:
        if self._connection:
            self._connection.close()

    def _open(self) -> _Connection:
        self._connection = _Connection(urlsplit(self.way.address).netloc)
        return self._connection

    def _connect(self, clock: Clock) -> _Clocked:
        way = self.way
        if isinstance(way.at, Path):
            return _Clocked(unixsocket.connect(way.at, clock.left), clock)
        places = [way.at] if way.at else self._timed("dns", lambda: resolve(way.host, way.port, clock.left))
        plain = self._timed("tcp", lambda: reach(places, clock))
        if way.context is None:
            return _Clocked(plain, clock)
        context = way.context
        return _Clocked(self._timed("tls", lambda: handshake(plain, context, way.host, clock)), clock)

    def _timed(self, phase: str, work: Any) -> Any:
        began = time.monotonic()
        done = work()
        self.phases.setdefault(phase, time.monotonic() - began)
        return done


def joined(headers: Iterable[Header]) -> dict[str, str]:
    """By lower-case name; one that comes twice counts as both of its values."""
    found: dict[str, str] = {}
    for name, value in headers:
        known = found.get(name.lower())
        found[name.lower()] = value if known is None else f"{known}, {value}"
    return found


def _body(response: client.HTTPResponse) -> bytes:
    body = response.read(MOST + 1)
    if response.length and len(body) <= MOST:
        raise client.IncompleteRead(body, response.length)
    return body


def resolve(host: str, port: int, timeout: float) -> list[Address]:
    """The name's addresses. The system's resolver knows no timeout: it is left behind in its thread."""
    found: list[Address] = []
    failed: list[OSError] = []

    def look() -> None:
        try:
            known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(cast("Address", one[4][:2]) for one in known))
        except OSError as error:
            failed.append(error)

    thread = threading.Thread(target=look, daemon=True, name="resolver")
    thread.start()
    thread.join(timeout)
    if failed:
        raise failed[0]
    if not found:
        raise socket.gaierror(socket.EAI_AGAIN, "the name's servers don't answer in time")
    return found


def reach(places: Sequence[Address], clock: Clock) -> socket.socket:
    """Connected to the first one that answers, each with its share of the time. Raises OSError."""
    for number, place in enumerate(places[:-1]):
        with contextlib.suppress(OSError):
            return socket.create_connection(place, clock.left / (len(places) - number))
    return socket.create_connection(places[-1], clock.left)


def handshake(plain: socket.socket, context: ssl.SSLContext, host: str, clock: Clock) -> ssl.SSLSocket:
    """TLS over `plain`, over at the deadline though the other side drips. Raises OSError."""
    secure = context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
    try:
        secure.settimeout(0)
        while True:
            try:
                secure.do_handshake()
            except ssl.SSLWantReadError:
                select.select([secure], [], [], clock.left)
            except ssl.SSLWantWriteError:
                select.select([], [secure], [], clock.left)
            else:
                return secure
    except BaseException:
        secure.close()
        raise


@dataclass(slots=True)
class Clock:
    """When an answer must be whole, and when its first byte came."""

    deadline: float
    first: float = 0.0

    @property
    def left(self) -> float:
        """Raises TimeoutError."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Clocked:
    """A socket for http.client that ends a drip of single bytes at the deadline, too."""

    def __init__(self, sock: socket.socket, clock: Clock) -> None:
        self._sock = sock
        self.clock = clock

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self.clock.left)
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._sock, self.clock), _PIECE)

    def close(self) -> None:
        self._sock.close()


class _Reading(io.RawIOBase):
    def __init__(self, sock: socket.socket, clock: Clock) -> None:
        self._sock = sock
        self._clock = clock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._clock.left)
        count = self._sock.recv_into(buffer)
        self._clock.first = self._clock.first or time.monotonic()
        return count


class _Connection(client.HTTPConnection):
    """Connected from outside; it must not connect by itself in the middle of a visit."""

    sock: Any

    def connect(self) -> None:
        raise ConnectionError("the connection was closed")
