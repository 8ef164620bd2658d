"""A studio's back socket for tests of whoever asks it: what it takes and answers is the test's to say."""

from __future__ import annotations

import contextlib
import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any


@dataclass
class Back:
    """`entries` by key, as a database with a unique key would hold them; `says` overrides the answers.

    A function in `says` is given the body and answers (status, body), or None to let it be taken.
    """

    entries: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    says: Any = None

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.asked.append((path, body))
        said = self.says(body) if self.says else None
        if said is not None:
            return said
        if path == "/deliver":
            new = body["key"] not in self.entries
            self.entries.setdefault(body["key"], body)
            return 200, {"new": new}
        return 200, {}


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64


@contextlib.contextmanager
def standing(socket: Path, back: Back) -> Iterator[Back]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, said = back.answer(self.path, body)
            data = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            return

        def address_string(self) -> str:
            return ""

    socket.parent.mkdir(parents=True, exist_ok=True)
    with _Server(str(socket), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield back
        finally:
            server.shutdown()
            thread.join()
            socket.unlink(missing_ok=True)
