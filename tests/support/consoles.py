"""A console over a stack that exists on paper only: its ledger and series are written as a real one's were.

with consoles.told(tmp_path, "drill") as desk:
    page = consoles.client(desk).get("/").text

with consoles.served(desk) as address: ...  # for a browser
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import http.client
import socket
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portico.board.seen import Looker, Seen
from portico.config import load
from portico.console import app
from portico.console.desk import Desk
from portico.kit import web
from portico.ledger.ledger import Ledger
from portico.operators.operator import Operator, Role
from portico.watch.series.read import Reader
from support import paperstack
from support.paperstack import NOW, STORIES, Clock

if TYPE_CHECKING:
    from starlette.testclient import TestClient

__all__ = ["NOW", "STORIES", "Clock", "Let", "client", "seen", "served", "told"]

TOKEN = "a-token"
PATIENCE_S = 60.0
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Let:
    """A gate that lets one person in without asking; `who_is` may be changed, None sends him away."""

    def __init__(self, role: Role = Role.OPERATOR, name: str = "ada") -> None:
        self.who_is: Operator | None = Operator(name, role)
        self.is_fresh = True
        self.routes: Sequence[BaseRoute] = ()
        self.middleware: Sequence[Middleware] = (Middleware(_Strict),)

    def who(self, _request: Request) -> Operator | None:
        return self.who_is

    def token(self, _request: Request) -> str:
        return TOKEN

    def trusts(self, _request: Request, token: str) -> bool:
        return token == TOKEN

    def fresh(self, _request: Request) -> bool:
        return self.is_fresh


class _Strict:
    """The policy under which the console's pages must work."""

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"content-security-policy", POLICY.encode())]
            await send(message)

        await self._inner(scope, receive, guarded)


@contextlib.contextmanager
def told(folder: Path, story: str = "quiet", toml: str = "") -> Iterator[Desk]:
    """A stack in `folder` of which one of `paperstack.STORIES` is told; its clock stands at NOW.

    `desk.ledger` may be written to; `clock(desk)` moves the time on.
    """
    file = folder / "portico.toml"
    file.write_text(toml or paperstack.TOML)
    asked = load.load(file, folder / ".portico", cwd=folder)
    asked.home.create()
    clock = Clock()
    ledger = Ledger(asked.home.ledger, now=clock)
    STORIES[story](paperstack.Paper(asked, ledger, clock))
    clock.now = NOW
    yield Desk(asked.home, asked.settings, file, ledger, Reader(asked.home.series))
    ledger.close()


@functools.cache
def seen(story: str = "quiet") -> Seen:
    """All that the first page is made of; looked up once for all tests."""
    with tempfile.TemporaryDirectory() as folder, told(Path(folder), story) as desk:
        return Looker(desk).look()


def clock(desk: Desk) -> Clock:
    """Of a desk that was told here."""
    found = desk.ledger._now
    assert isinstance(found, Clock)
    return found


def client(
    desk: Desk, role: Role = Role.OPERATOR, gate: Let | None = None, *, raises: bool = True
) -> TestClient:
    """Signed in; a redirect isn't followed. What breaks a page is raised, unless the error page is wanted."""
    with warnings.catch_warnings():  # it would rather have another library
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient  # noqa: PLC0415 - as above
    return TestClient(
        app.build(desk, gate or Let(role)), follow_redirects=False, raise_server_exceptions=raises
    )


@contextlib.contextmanager
def served(desk: Desk, gate: Let | None = None) -> Iterator[str]:
    """The console on a free port, for a browser: `http://127.0.0.1:PORT`."""
    listening = socket.create_server(("127.0.0.1", 0))
    made = app.build(desk, gate or Let())
    server = web.Embedded(made, listening, backlog=64)
    loop = asyncio.new_event_loop()
    running = threading.Thread(target=lambda: loop.run_until_complete(server.serve()), daemon=True)
    running.start()
    address = web.address(listening)
    try:
        _wait(address)
        yield address
    finally:
        for end in (made.state.streams.end, server.stop):
            loop.call_soon_threadsafe(end)  # called from here, a loop that waits would not hear it
        running.join(PATIENCE_S)
        loop.close()
        with contextlib.suppress(OSError):  # the server took it over
            listening.close()


def _wait(address: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        asked = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE_S)
        with contextlib.suppress(OSError), contextlib.closing(asked):
            asked.request("GET", "/-/live")
            if asked.getresponse().status == 200:
                return
        time.sleep(0.02)
    raise TimeoutError(address)
