"""The back: the private API for Portico on a unix socket, and the threads that work beside it."""

from __future__ import annotations

import json
import logging
import signal
import socket
import socketserver
import threading
from http.server import BaseHTTPRequestHandler
from typing import Any

from django.db import connections

from portico.studio.back import answers, routes, work

LONGEST_BODY = 8 * 1024 * 1024
_log = logging.getLogger(__name__)


def run(listening: socket.socket) -> None:
    """Answer until SIGTERM; what is being done then ends with the process: every handler is a transaction."""
    server = _Server(listening)
    ending = threading.Event()

    def stop(*_: object) -> None:
        ending.set()
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    work.start(ending)
    server.serve_forever(poll_interval=0.2)


class _Server(socketserver.ThreadingMixIn, socketserver.BaseServer):
    """Only the parent binds, and only it removes the socket."""

    daemon_threads = True

    def __init__(self, listening: socket.socket) -> None:
        super().__init__("back.sock", _Handler)
        self.socket = listening

    def fileno(self) -> int:
        return self.socket.fileno()

    def get_request(self) -> tuple[socket.socket, str]:
        return self.socket.accept()[0], ""

    def shutdown_request(self, request: Any) -> None:
        request.close()


class _Handler(BaseHTTPRequestHandler):
    timeout = 60
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        if length > LONGEST_BODY:
            self._send(413, {"what": f"the body is {length} bytes long", "hint": f"at most {LONGEST_BODY}"})
            return
        try:
            body = json.loads(self.rfile.read(length) or b"{}")
        except ValueError as why:
            self._send(400, {"what": "the body is not JSON", "hint": str(why)})
            return
        self._answer(body)

    def _answer(self, body: dict[str, Any]) -> None:
        try:
            self._send(*answers.give(routes.ROUTES, (self.command, self.path), body))
        finally:
            connections.close_all()

    def _send(self, status: int, answer: dict[str, Any]) -> None:
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Only what fails is told."""
