"""The starter's frozen site, answered on a port of this machine with the headers that a snapshot gives it."""

from __future__ import annotations

import contextlib
import http.server
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import brotli

from portico.snapshot import headers, pages, policy

ALLOWED_SMALL = 1000
"""Bytes below which compressing a body is not worth its while."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    compressed: bytes | None

    @property
    def weight(self) -> int:
        """Bytes of the body on the wire."""
        return len(self.body if self.compressed is None else self.compressed)


@dataclass(frozen=True, slots=True)
class Site:
    """What is answered, by path; `address` is where, without a slash at its end."""

    answers: Mapping[str, Answer]
    address: str

    def url(self, path: str) -> str:
        return self.address + path

    def pages(self) -> dict[str, bytes]:
        return {
            path: answer.body
            for path, answer in self.answers.items()
            if answer.headers["content-type"].startswith("text/html")
        }


@contextlib.contextmanager
def serving(data: Path) -> Iterator[Site]:
    answers = read(data / "frozen")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(answers))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield Site(answers, f"http://localhost:{server.server_address[1]}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def read(frozen: Path) -> dict[str, Answer]:
    with contextlib.closing(sqlite3.connect(frozen / "frozen.db")) as database:
        rows = database.execute("SELECT path, name, digest, file FROM items").fetchall()
        told = dict(database.execute("SELECT key, value FROM meta WHERE key = 'headers'").fetchall())
    rules = headers.parse(told.get("headers", ""), "_headers")
    found = {}
    for path, name, digest, file in rows:
        if not path.startswith("/-/"):
            lies = frozen.parent / file if file else frozen / "bodies" / digest[:2] / digest
            body = lies.read_bytes()
            found[path] = _answer(path, name, body, rules)
    return found


def _answer(path: str, name: str, body: bytes, rules: headers.Rules) -> Answer:
    facts = pages.parse(body, path).facts if name.endswith(".html") else pages.PLAIN
    told = dict(policy.headers_of(policy.Subject((path,), name, facts), rules))
    status = 404 if name.endswith("404.html") else 200
    text = told["content-type"].startswith(("text/", "application/")) or name.endswith(".svg")
    small = brotli.compress(body, quality=5) if text and len(body) >= ALLOWED_SMALL else None
    return Answer(status, told, body, small)


def _handler(answers: Mapping[str, Answer]) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            answer = answers.get(path) or answers["/404.html"]
            squeezed = answer.compressed is not None and "br" in self.headers.get("accept-encoding", "")
            body = answer.compressed if squeezed and answer.compressed is not None else answer.body
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if squeezed:
                self.send_header("content-encoding", "br")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            with contextlib.suppress(ConnectionError):
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
