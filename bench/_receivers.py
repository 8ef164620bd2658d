"""A mail server and a webhook on this machine, which note when each critical message came."""

from __future__ import annotations

import contextlib
import http.server
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Receivers:
    """Times are seconds since the epoch, the first message first."""

    smtp_port: int = 0
    http_port: int = 0
    mails: list[float] = field(default_factory=list)
    hooks: list[float] = field(default_factory=list)

    @property
    def toml(self) -> str:
        return (
            "[[notify.channels]]\n"
            'name = "mail"\n'
            f'url = "mailto://127.0.0.1:{self.smtp_port}?from=portico@example.com&to=oncall@example.com"\n'
            "[[notify.channels]]\n"
            'name = "hook"\n'
            f'url = "json://127.0.0.1:{self.http_port}/"\n'
        )


class _Mails:
    def __init__(self, noted: list[float]) -> None:
        self._noted = noted

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        if "critical" in str(message_from_bytes(envelope.content or b"")["subject"]).lower():
            self._noted.append(time.time())
        return "250 OK"


@contextlib.contextmanager
def listening() -> Iterator[Receivers]:
    found = Receivers()

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if "critical" in got["title"].lower():
                found.hooks.append(time.time())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        found.smtp_port = free.getsockname()[1]
    mail = Controller(_Mails(found.mails), hostname="127.0.0.1", port=found.smtp_port)
    mail.start()
    hook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    found.http_port = hook.server_port
    try:
        yield found
    finally:
        mail.stop()
        hook.shutdown()
        hook.server_close()
