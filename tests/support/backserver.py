"""A stand-in for the studio's private API: answers at a unix socket what a test wants."""

from __future__ import annotations

import contextlib
import json
import os
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from portico.kit import unixsocket

Answer = tuple[int, dict[str, Any]]


@dataclass
class Studio:
    """`frozen` is what the next /freeze answers; `asked` holds what was asked, `wishes` how they ended."""

    frozen: Callable[[dict[str, Any]], Answer] = lambda _body: (503, {"what": "not ready yet"})
    asked: list[dict[str, Any]] = field(default_factory=list)
    wishes: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, method: str, path: str, body: dict[str, Any]) -> Answer:
        if (method, path) == ("GET", "/live"):
            return 200, {"pid": os.getpid(), "revision": 0, "ready": True}
        if (method, path) == ("POST", "/freeze"):
            self.asked.append(body)
            return self.frozen(body)
        if (method, path) == ("POST", "/wish"):
            self.wishes.append(body)
            return 200, {}
        return 404, {}


@contextlib.contextmanager
def running(socket: Path, studio: Studio | None = None) -> Iterator[Studio]:
    """Answer at `socket` while the block runs."""
    standing = studio or Studio()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply({})

        def do_POST(self) -> None:
            self._reply(json.loads(self.rfile.read(int(self.headers["content-length"]))))

        def _reply(self, body: dict[str, Any]) -> None:
            status, said = standing.answer(self.command, self.path, body)
            data = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_args: object) -> None:
            return

        def address_string(self) -> str:
            return "unix"

    class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
        daemon_threads = True

    socket.parent.mkdir(parents=True, exist_ok=True)
    socket.unlink(missing_ok=True)
    with unixsocket.reachable(socket) as address:
        server = Server(address, Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield standing
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
        socket.unlink(missing_ok=True)
