"""Which very file a name is at this moment: a change of a byte, a replacement or a repair changes it."""

from __future__ import annotations

import os
from typing import NamedTuple


class Identity(NamedTuple):
    """`modified_ns` and `changed_ns` since the epoch; the latter can't be set by hand."""

    device: int
    inode: int
    size: int
    modified_ns: int
    changed_ns: int


def of(name: str) -> Identity | None:
    """None where there is no such file, or it can't be asked."""
    try:
        found = os.stat(name)  # noqa: PTH116 - Path.stat costs twice as much, several times in each request
    except OSError:
        return None
    return Identity(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
