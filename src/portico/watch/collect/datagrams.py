"""A socket that the edge writes its lines to, read by a thread that nobody waits for."""

from __future__ import annotations

import contextlib
import os
import pwd
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from portico.edge import logged
from portico.kit import unixsocket

REST_S = 0.004


class Datagrams:
    """`take` is called in the thread, with each datagram. `begin` may be called again and again."""

    def __init__(self, path: Path, take: Callable[[bytes], None]) -> None:
        self._path = path
        self._take = take
        self._listening: socket.socket | None = None
        self._reader: threading.Thread | None = None

    def begin(self) -> None:
        """A socket that could not be had, or that somebody took away, is made again. Raises OSError."""
        if self._reader and self._reader.is_alive() and self._path.exists():
            return
        self.close()
        self._listening = _listening(self._path)
        self._reader = threading.Thread(
            target=self._read, args=[self._listening], name=self._path.stem, daemon=True
        )
        self._reader.start()

    def close(self) -> None:
        """The thread, which waits in the kernel, is woken by the socket's end."""
        if self._listening and self._reader:
            with contextlib.suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._reader.join(2)
            self._listening.close()
            self._path.unlink(missing_ok=True)
        self._listening = self._reader = None

    def _read(self, listening: socket.socket) -> None:
        """Sleeps a little after each handful, so that even a flood costs next to nothing here."""
        while True:
            for datagram in _handful(listening):
                if not datagram:
                    return
                self._take(datagram)
            time.sleep(REST_S)


def _handful(listening: socket.socket) -> Iterator[bytes]:
    """The next datagram, and those that wait behind it."""
    yield listening.recv(logged.LARGEST)
    with contextlib.suppress(BlockingIOError):
        while True:
            yield listening.recv(logged.LARGEST, socket.MSG_DONTWAIT)


def _listening(path: Path) -> socket.socket:
    """In the place of one that a watcher before left behind. A root's edge writes as another user."""
    path.unlink(missing_ok=True)
    made = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        with unixsocket.reachable(path) as address:
            made.bind(address)
        path.chmod(0o600)
        if os.geteuid() == 0:
            os.chown(path, pwd.getpwnam(logged.USER).pw_uid, -1)
    except BaseException:
        made.close()
        raise
    return made
