"""Room that is held ready on a disk: a file that is given up when it is full, so that people can be told."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
from pathlib import Path

LARGEST = 8 << 20
SHARE = 16
LEAST = 256 << 10
PLENTY = 8
"""It is laid while there is so many times its size of room, so never right after it was given up."""

_FULL = {errno.ENOSPC, errno.EDQUOT}


def lay(path: Path) -> bool:
    """Hold at most 8 MiB, or a sixteenth of a small disk; whether it is there. Raises no OSError."""
    if path.exists():
        return True
    part = path.with_suffix(".part")
    try:
        disk = shutil.disk_usage(path.parent)
        size = min(LARGEST, disk.total // SHARE)
        if disk.free < PLENTY * size:
            return False
        with part.open("wb") as file:
            _fill(file.fileno(), size)
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        return False
    return True


def give_up(path: Path) -> bool:
    """Whether there was any."""
    try:
        path.unlink()
    except OSError:
        return False
    return True


def give_up_when_full(path: Path) -> bool:
    """Whether it was given up now: there was hardly any room left."""
    try:
        free = shutil.disk_usage(path.parent).free
    except OSError:
        return False
    return free < LEAST and give_up(path)


def is_full(error: BaseException | None) -> bool:
    """Whether it is for a full disk that a file or a database could not be written."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL


def _fill(fd: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(fd, 0, size)
    else:
        os.write(fd, bytes(size))
