"""HTTP/1.1 as a load player needs it: a request as bytes, and one answer read from whatever pieces come."""

from __future__ import annotations

import re
from urllib.parse import quote

from portico.watch import answer
from portico.watch.answer import Answer

_STATUS = re.compile(rb"HTTP/1\.[01] (\d\d\d)[ \r]")
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[ \t]*chunked", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection:[ \t]*close", re.IGNORECASE)
_BODILESS = {204, 304}


class GarbledError(Exception):
    """The bytes are no HTTP/1.1 answer."""


def request(path: str, host: str) -> bytes:
    target = quote(path, safe="/:@!$&'()*+,;=~-._?%")
    lines = (
        f"GET {target} HTTP/1.1",
        f"host: {host}",
        "user-agent: portico-player",
        "accept: */*",
        f"accept-encoding: {answer.ACCEPTED}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Reading:
    """One answer on its way. `begun` says whether any byte of it came."""

    __slots__ = ("_body_at", "_data", "_head", "_length", "begun")

    def __init__(self) -> None:
        self.begun = False
        self._data = b""
        self._head = b""
        self._body_at = 0
        self._length: int | None = None

    def feed(self, data: bytes) -> Answer | None:
        """The answer once it is complete. Raises GarbledError."""
        self.begun = True
        self._data = self._data + data if self._data else data
        if not self._head and not self._read_head():
            return None
        body = self._whole_body()
        return None if body is None else self._answer(body)

    def closed(self) -> Answer | None:
        """The answer, when it is one that ends where its connection does; None when it was cut short."""
        open_ended = self._head and self._length is None and not _CHUNKED.search(self._head)
        return self._answer(self._data[self._body_at :]) if open_ended else None

    @property
    def keeps_open(self) -> bool:
        return not _CLOSE.search(self._head)

    def _read_head(self) -> bool:
        end = self._data.find(b"\r\n\r\n")
        if end < 0:
            return False
        status = _STATUS.match(self._data)
        if not status:
            raise GarbledError("no status line")
        if status[1][0:1] == b"1":
            self._data = self._data[end + 4 :]
            return self._read_head()
        self._head, self._body_at = self._data[: end + 2], end + 4
        if int(status[1]) in _BODILESS:
            self._length = 0
        elif (length := _LENGTH.search(self._head)) and not _CHUNKED.search(self._head):
            self._length = int(length[1])
        return True

    def _whole_body(self) -> bytes | None:
        if self._length is None:
            return _dechunk(self._data, self._body_at) if _CHUNKED.search(self._head) else None
        missing = self._length - (len(self._data) - self._body_at)
        if missing < 0:
            raise GarbledError(f"{-missing} bytes more than the content-length said")
        return None if missing else self._data[self._body_at :]

    def _answer(self, body: bytes) -> Answer:
        lines = self._head.decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:-1]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return Answer(int(self._head[9:12]), headers, body)


def _dechunk(data: bytes, at: int) -> bytes | None:
    """The body of a chunked answer, or None until all of it is there."""
    chunks = list[bytes]()
    while (end := data.find(b"\r\n", at)) >= 0:
        try:
            size = int(data[at:end].split(b";")[0], 16)
        except ValueError:
            raise GarbledError("a chunk without its size") from None
        if size == 0:
            return b"".join(chunks) if data.find(b"\r\n", end + 2) >= 0 else None
        at = end + 2 + size + 2
        if len(data) < at:
            return None
        chunks.append(data[end + 2 : at - 2])
    return None
