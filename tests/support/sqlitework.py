"""How much SQLite does while a block runs, in its own instructions: work that no other program disturbs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest import mock


@dataclass
class Work:
    instructions: int = 0

    def count(self) -> None:
        self.instructions += 1


@contextmanager
def counted() -> Iterator[Work]:
    """On connections that are opened meanwhile."""
    work, connect = Work(), sqlite3.connect

    def counting(*args, **named) -> sqlite3.Connection:
        connection = connect(*args, **named)
        connection.set_progress_handler(work.count, 1)
        return connection

    with mock.patch.object(sqlite3, "connect", counting):
        yield work
