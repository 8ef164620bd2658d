"""What ends the keeper's pause early: a poke at its socket, a step that ended, a process that died."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
from collections.abc import Iterable
from pathlib import Path

from portico.kit import process, unixsocket


class Wake:
    """`unixsocket.poke` wakes it; a lost poke costs one pause, nothing else."""

    def __init__(self, path: Path) -> None:
        self._selector = selectors.DefaultSelector()
        self._pidfds: dict[int, int] = {}
        path.unlink(missing_ok=True)
        self._pokes = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        with unixsocket.reachable(path) as address:
            self._pokes.bind(address)
        self._read, self._write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._selector.register(self._pokes, selectors.EVENT_READ)
        self._selector.register(self._read, selectors.EVENT_READ)

    def close(self) -> None:
        self.watch([])
        self._selector.close()
        self._pokes.close()
        os.close(self._read)
        os.close(self._write)

    def now(self) -> None:
        """Wake from another thread of this process."""
        with contextlib.suppress(BlockingIOError):
            os.write(self._write, b".")

    def watch(self, pids: Iterable[int]) -> None:
        """Wake when one of these processes ends; those of before that are not among them are forgotten."""
        wanted = set(pids)
        for pid in self._pidfds.keys() - wanted:
            self._forget(pid)
        for pid in wanted - self._pidfds.keys():
            fd = process.pidfd(process.Process(pid, 0.0))
            if fd is not None:
                self._pidfds[pid] = fd
                self._selector.register(fd, selectors.EVENT_READ)

    def wait(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            if key.fileobj is self._pokes:
                with contextlib.suppress(BlockingIOError):
                    while self._pokes.recv(64):
                        pass
            elif key.fileobj == self._read:
                os.read(self._read, 4096)
            else:
                ended = next(pid for pid, fd in self._pidfds.items() if fd == key.fileobj)
                self._forget(ended)

    def _forget(self, pid: int) -> None:
        fd = self._pidfds.pop(pid)
        self._selector.unregister(fd)
        os.close(fd)
