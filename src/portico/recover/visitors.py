"""The player's side of the wire: connections are kept, and more are opened while all are busy.

A request that finds none takes the first that comes free, a kept or a new one, as in browsers.
"""

from __future__ import annotations

import asyncio
import errno
import ssl
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from portico.kit.errors import UnavailableError
from portico.recover import http1, network
from portico.recover.plan import Plan, Target
from portico.recover.played import Failure, Tally
from portico.watch import answer
from portico.watch.answer import Answer

_OPENING = 64
"""Connections that are opened at the same time: TLS handshakes are the player's own work too."""

_OWN_TROUBLE = {errno.EMFILE, errno.ENFILE, errno.EADDRNOTAVAIL, errno.EADDRINUSE, errno.ENOBUFS}


@dataclass(slots=True, eq=False)
class Request:
    """`intended` is in seconds from the run's start. `abandon` is set once it is on its way."""

    target: Target
    data: bytes
    intended: float
    retried: bool = False
    settled: bool = False
    abandon: Callable[[], object] | None = None


class Connection(asyncio.Protocol):
    """One keep-alive connection, one request at a time."""

    def __init__(self, visitors: Visitors) -> None:
        self._visitors = visitors
        self._reading = http1.Reading()
        self._request: Request | None = None
        self._used = False
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._visitors.made(self)

    def send(self, request: Request) -> None:
        self._request, self._reading = request, http1.Reading()
        request.abandon = self.transport.abort
        self.transport.write(request.data)

    def data_received(self, data: bytes) -> None:
        if self._request is None:
            self.transport.abort()
            return
        try:
            found = self._reading.feed(data)
        except http1.GarbledError as error:
            why = str(error)
            self._end(lambda request: self._visitors.fail(request, Failure.GARBLED, why))
            self.transport.abort()
            return
        if found:
            self._end(lambda request: self._visitors.take(request, found))
            if not self._used:
                self._visitors.resume_from(self)
            self._used = True
            if self._reading.keeps_open:
                self._visitors.release(self)
            else:
                self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._visitors.gone(self)
        if found := self._reading.closed():
            self._end(lambda request: self._visitors.take(request, found))
        elif self._reading.begun:
            self._end(lambda request: self._visitors.fail(request, Failure.SHORT, "closed in mid-answer"))
        elif self._used:
            self._end(self._visitors.again)
        else:
            why = str(exc or "closed before any answer")
            self._end(lambda request: self._visitors.fail(request, Failure.RESET, why))

    def _end(self, settle: Callable[[Request], None]) -> None:
        request, self._request = self._request, None
        if request and not request.settled:
            settle(request)


class Visitors:
    """All connections to one address. `clock` tells the seconds from the run's start."""

    def __init__(self, plan: Plan, tally: Tally, clock: Callable[[], float]) -> None:
        parts = urlsplit(plan.address)
        self._plan, self._tally, self._clock = plan, tally, clock
        self._host = parts.hostname or "localhost"
        usual = parts.port or (443 if parts.scheme == "https" else 80)
        self._peer, self._port = plan.at or (self._host, usual)
        self._tls = network.context(plan.trusted) if parts.scheme == "https" else None
        self._sources: list[tuple[str, int] | None] = [None]
        self._idle: deque[Connection] = deque()
        self._open_ones: set[Connection] = set()
        self._made: set[Connection] = set()
        self._nobody = asyncio.Event()
        self._opening: set[asyncio.Task[None]] = set()
        self._queue: deque[Request] = deque()
        self._waiting: dict[Request, None] = {}
        self._over = asyncio.Event()
        self._requests = {
            target: http1.request(target.path, target.host or parts.netloc.rpartition("@")[2])
            for target in plan.targets
        }
        self._good: dict[Target, tuple[bytes, str]] = {}
        self._attempts = 0

    async def arrive(self) -> None:
        """Open the first connections. Raises UnavailableError when there is nobody to ask."""
        loop = asyncio.get_running_loop()
        try:
            self._peer = await network.reachable(self._peer, self._port)
            self._sources = network.sources(self._peer, self._plan.visitors)
            for _ in range(self._plan.connections):
                self.release(await self._connect())
        except OSError as error:
            raise UnavailableError(
                f"no connection to ask on: {error}", where=self._plan.address, hint="portico status"
            ) from error
        loop.call_later(0.05, self._sweep)

    def send(self, target: Target, intended: float) -> None:
        """Ask now, on an idle connection or on the first that comes free; never waits."""
        self._tally.send(intended, self._clock())
        request = Request(target, self._requests[target], intended)
        self._waiting[request] = None
        while self._idle:
            connection = self._idle.popleft()
            if not connection.transport.is_closing():
                connection.send(request)
                return
        self._queue.append(request)
        self._open_more()

    def take(self, request: Request, found: Answer) -> None:
        """An answer came whole: right or wrong?"""
        wrong = self._wrong(request.target, found)
        if wrong:
            self.fail(request, *wrong)
            return
        self._settle(request)
        self._tally.answer(request.intended, self._clock())

    def fail(self, request: Request, failure: Failure, why: str) -> None:
        self._settle(request)
        self._tally.fail(failure, request.intended, self._clock(), f"{why} ({request.target.path})")

    def again(self, request: Request) -> None:
        """The kept connection was closed before any byte of the answer; RFC 9110 9.2.2: ask again, once."""
        if request.retried:
            self.fail(request, Failure.RESET, "closed before any answer, twice")
            return
        request.retried = True
        self._tally.retried += 1
        self._start(self._open(request))

    def release(self, connection: Connection) -> None:
        """A connection is free: for the request that waits longest, if any does."""
        self._open_ones.add(connection)
        if request := self._next():
            connection.send(request)
        else:
            self._idle.append(connection)

    def resume_from(self, connection: Connection) -> None:
        """Let new connections resume this one's TLS session; its ticket came with its first answer."""
        if self._tls:
            self._tls.session = connection.transport.get_extra_info("ssl_object").session

    def made(self, connection: Connection) -> None:
        self._made.add(connection)

    def gone(self, connection: Connection) -> None:
        self._made.discard(connection)
        if not self._made:
            self._nobody.set()
        self._open_ones.discard(connection)
        self._open_more()

    async def leave(self) -> None:
        """Wait for what is still to come, each at most its timeout, then hang up."""
        self._over.clear()
        if self._waiting:
            await self._over.wait()
        self._queue.clear()
        for task in self._opening:
            task.cancel()
        await asyncio.gather(*self._opening, return_exceptions=True)
        self._nobody.clear()
        for connection in self._made:
            connection.transport.abort()
        if self._made:
            await self._nobody.wait()

    def _open_more(self) -> None:
        """As many as requests wait, within bounds."""
        while len(self._opening) < min(len(self._queue), _OPENING) and not self._is_full():
            self._start(self._open(None))

    def _is_full(self) -> bool:
        return len(self._open_ones) + len(self._opening) >= self._plan.most

    def _start(self, opening: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(opening)
        self._opening.add(task)
        task.add_done_callback(self._opened)

    def _opened(self, task: asyncio.Task[None]) -> None:
        self._opening.discard(task)
        self._open_more()

    async def _open(self, own: Request | None) -> None:
        """Open a connection for a request of its `own`, or for the one that waits longest by then."""
        try:
            async with asyncio.timeout(self._plan.timeout_s):
                connection = await self._connect()
        except OSError as error:
            if request := own or self._next():
                self._not_opened(request, error)
        else:
            self._open_ones.add(connection)
            if own and not own.settled:
                connection.send(own)
            else:
                self.release(connection)

    def _next(self) -> Request | None:
        while self._queue:
            request = self._queue.popleft()
            if not request.settled:
                return request
        return None

    def _not_opened(self, request: Request, error: OSError) -> None:
        if request.settled:
            return
        if error.errno in _OWN_TROUBLE:
            self._cannot(request, str(error))
        elif isinstance(error, ssl.SSLError):
            self.fail(request, Failure.TLS, str(error))
        elif isinstance(error, ConnectionRefusedError):
            self.fail(request, Failure.REFUSED, str(error))
        elif isinstance(error, TimeoutError):
            self.fail(request, Failure.TIMEOUT, "no connection in time")
        else:
            self.fail(request, Failure.RESET, str(error) or "closed while connecting")

    async def _connect(self) -> Connection:
        self._attempts += 1
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: Connection(self),
            self._peer,
            self._port,
            ssl=self._tls,
            server_hostname=self._host if self._tls else None,
            local_addr=self._sources[self._attempts % len(self._sources)],
        )
        return connection

    def _cannot(self, request: Request, why: str) -> None:
        self._settle(request)
        self._tally.unsent[why] += 1

    def _settle(self, request: Request) -> None:
        request.settled = True
        self._waiting.pop(request, None)
        if not self._waiting:
            self._over.set()

    def _sweep(self) -> None:
        """Give up on requests whose time is over; they stand in the order in which they were sent."""
        latest = self._clock() - self._plan.timeout_s
        for request in list(self._waiting):
            if request.intended > latest:
                break
            if request.abandon:
                self.fail(request, Failure.TIMEOUT, f"no answer within {self._plan.timeout_s:g} s")
                request.abandon()
            elif self._is_full():
                self._cannot(request, f"all {self._plan.most} connections were busy")
            else:
                self.fail(request, Failure.TIMEOUT, f"no connection within {self._plan.timeout_s:g} s")
        asyncio.get_running_loop().call_later(0.05, self._sweep)

    def _wrong(self, target: Target, found: Answer) -> tuple[Failure, str] | None:
        """What is wrong with a whole answer. Bytes that were found right once are compared, not hashed."""
        if found.status != target.status:
            return Failure.STATUS, f"answered {found.status}, expected {target.status}"
        coding = found.headers.get("content-encoding", "")
        if not target.digests or self._good.get(target) == (found.body, coding):
            return None
        try:
            digest = answer.digest(found)
        except ValueError as error:
            return Failure.WRONG, str(error)
        if digest not in target.digests:
            return Failure.WRONG, f"the body hashes to {digest[:12]}"
        self._good[target] = (found.body, coding)
        return None
