"""The sockets that the parent opens before it forks: they outlive a child, so that callers wait, not fail."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

BACKLOG = 128


class BusyError(Exception):
    """Somebody else is there already."""


def tcp(listen: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in listen else socket.AF_INET
    try:
        return socket.create_server((listen, port), family=family, backlog=BACKLOG)
    except OSError as why:
        raise BusyError(f"{listen}:{port}: expected a free port ({why.strerror})") from why


def private(path: Path) -> socket.socket:
    """A unix socket for its owner alone, in the place of one that somebody dead left behind."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with _inside(path.parent):  # a socket's path may hold some 100 bytes only
        before = os.umask(0o177)
        try:
            listening.bind(draft.name)
        finally:
            os.umask(before)
    listening.listen(BACKLOG)
    draft.replace(path)
    return listening


@contextlib.contextmanager
def alone(folder: Path, seconds: float) -> Iterator[None]:
    """Only one tree at a time works in a folder; children of a dead one get `seconds` to end."""
    with (folder / "serve.lock").open("a") as lock:
        deadline = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise BusyError(f"{folder}: expected no other studio to run there") from None
                time.sleep(0.05)
        yield


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
