"""Unix sockets at any path: the kernel takes 107 bytes, a home folder may be deeper than that."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator, Mapping
from http import client
from pathlib import Path
from types import MappingProxyType
from typing import Any

_LONGEST = 100


@contextlib.contextmanager
def reachable(path: Path) -> Iterator[str]:
    """A name for `path` that fits a socket address while the block runs."""
    if len(os.fsencode(path)) <= _LONGEST:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def connect(path: Path, timeout: float) -> socket.socket:
    """A connected stream socket; `timeout` in seconds holds for every later call too."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout)
        with reachable(path) as address:
            sock.connect(address)
    except BaseException:
        sock.close()
        raise
    return sock


class HTTPConnection(client.HTTPConnection):
    """http.client over a unix socket; the host header says `localhost`."""

    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path
        self._timeout = timeout

    def connect(self) -> None:
        self.sock = connect(self._path, self._timeout)


def get(
    path: Path, target: str, *, timeout: float, headers: Mapping[str, str] = MappingProxyType({})
) -> tuple[int, bytes]:
    """GET `target` from the server at the socket `path`: its status and body. Raises OSError."""
    connection = HTTPConnection(path, timeout)
    try:
        connection.request("GET", target, headers=dict(headers))
        response = connection.getresponse()
        return response.status, response.read()
    except client.HTTPException as error:
        raise OSError(f"no HTTP answer: {error}") from error
    finally:
        connection.close()


def post(path: Path, target: str, body: Mapping[str, Any], *, timeout: float) -> tuple[int, dict[str, Any]]:
    """POST `body` as JSON: the status, and the object that is answered. Raises OSError."""
    connection = HTTPConnection(path, timeout)
    try:
        connection.request("POST", target, json.dumps(body), {"content-type": "application/json"})
        response = connection.getresponse()
        said = json.loads(response.read())
    except (client.HTTPException, ValueError) as error:
        raise OSError(f"no HTTP answer: {error}") from error
    finally:
        connection.close()
    return response.status, said if isinstance(said, dict) else {}


def poke(path: Path) -> None:
    """Wake whoever listens for datagrams at `path`; nothing happens when nobody does."""
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock,
        reachable(path) as address,
    ):
        sock.settimeout(0)
        sock.sendto(b"!", address)
