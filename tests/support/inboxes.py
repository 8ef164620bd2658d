"""A real mail server and a real webhook on this machine; they keep what they get, and fail when told to."""

from __future__ import annotations

import contextlib
import http.server
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from support import ports

PATIENCE_S = 60.0


@dataclass
class Mails:
    port: int = 0
    got: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    """What is answered to the next mails instead of 250."""
    refused: dict[str, str] = field(default_factory=dict)
    sessions: list[Any] = field(default_factory=list)
    """The connections by which mails came."""
    parts_after: int = 0
    """After so many mails a connection is ended, where it is set."""

    async def handle_RSET(self, _server, session, _envelope):  # noqa: N802 - aiosmtpd's name
        session.mails = getattr(session, "mails", 0) + 1
        return "421 enough of you" if session.mails == self.parts_after else "250 OK"

    async def handle_RCPT(self, _server, session, envelope, address, _options):  # noqa: N802 - aiosmtpd's name
        if not any(known is session for known in self.sessions):
            self.sessions.append(session)
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.answers:
            return self.answers.pop(0)
        self.got.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@contextlib.contextmanager
def mails(password: str | None = None) -> Iterator[Mails]:
    """With `password`, the user `portico` must log in by it. aiosmtpd must be told its port."""
    found = Mails()

    def check(_server, _session, _envelope, _mechanism, data):
        known = isinstance(data, LoginPassword) and data.password == (password or "").encode()
        return AuthResult(success=known, handled=False)

    more = {"authenticator": check, "auth_required": True, "auth_require_tls": False} if password else {}
    with ports.claimed() as found.port:
        server = Controller(found, hostname="127.0.0.1", port=found.port, ready_timeout=PATIENCE_S, **more)
        server.start()
        try:
            yield found
        finally:
            server.stop()


@dataclass
class Hook:
    port: int = 0
    body: bytes = b"{}"
    """What is answered."""
    got: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    """Method, path and headers of each request."""
    answers: list[int] = field(default_factory=list)
    """Statuses of the next answers instead of 200."""
    hold: threading.Event | None = None
    """Each answer waits for it, where it is set."""


@contextlib.contextmanager
def hook(body: bytes = b"{}", *, context: ssl.SSLContext | None = None) -> Iterator[Hook]:
    found = Hook(body=body)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            data = self.rfile.read(int(self.headers.get("content-length") or 0))
            found.asked.append((self.command, self.path, dict(self.headers)))
            if found.hold:
                found.hold.wait(PATIENCE_S)
            status = found.answers.pop(0) if found.answers else 200
            if status < 300 and data:
                found.got.append(_understood(data))
            with contextlib.suppress(OSError):
                self.send_response(status)
                self.send_header("content-length", str(len(found.body)))
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(found.body)

        do_GET = do_POST  # noqa: N815 - the library's name

        def log_message(self, *_args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    found.port = server.server_port
    try:
        yield found
    finally:
        if found.hold:
            found.hold.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _understood(data: bytes) -> dict[str, Any]:
    try:
        return json.loads(data)
    except ValueError:
        return {"raw": data.decode()}


def until(condition: Callable[[], object], seconds: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
