"""The memory's tables of (path, value): which queries an output uses, which files a body refers to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

_COLUMNS = {"uses": "query", "refs": "target"}


def of(memory: sqlite3.Connection, table: str, path: str) -> set[Any]:
    rows = memory.execute(f"SELECT {_COLUMNS[table]} FROM {table} WHERE path = ?", (path,))  # noqa: S608 - names of this module
    return {value for (value,) in rows}


def differ(memory: sqlite3.Connection, table: str, path: str, wanted: Iterable[Any]) -> set[Any]:
    """Make the path's values the wanted ones; tells which came or went."""
    column, before, after = _COLUMNS[table], of(memory, table, path), set(wanted)
    memory.executemany(
        f"DELETE FROM {table} WHERE path = ? AND {column} = ?",  # noqa: S608 - names of this module
        ((path, value) for value in before - after),
    )
    memory.executemany(f"INSERT INTO {table} VALUES (?, ?)", ((path, value) for value in after - before))  # noqa: S608 - names of this module
    return before ^ after
