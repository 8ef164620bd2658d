"""What was frozen, and what it was made from: DATA/frozen/frozen.db, written whole for each revision.

Portico's reader looks at `items` and `meta` alone, in one read transaction. `path` is a URL's decoded path,
`name` what its content type goes by; the body is bodies/<2 hex>/<digest>, or `file` where that isn't ''.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REMEMBERED = 10_000
"""Revisions for which changed paths are told."""
STEPS = 1_000
"""Transactions for which touched items are told: a reader that was away for longer looks at all of them."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS items(
    path TEXT PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL, file TEXT NOT NULL
) WITHOUT ROWID;

-- Pages and other rendered outputs, and how many queries each took.
CREATE TABLE IF NOT EXISTS outputs(
    path TEXT PRIMARY KEY, kind TEXT NOT NULL, page INTEGER NOT NULL, model INTEGER NOT NULL,
    rest TEXT NOT NULL, queries INTEGER NOT NULL, redirect TEXT NOT NULL
) WITHOUT ROWID;

-- Each distinct SELECT that an output read, and what it answered.
CREATE TABLE IF NOT EXISTS texts(id INTEGER PRIMARY KEY, sql TEXT NOT NULL UNIQUE, plan TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS queries(
    id INTEGER PRIMARY KEY, text INTEGER NOT NULL, params TEXT NOT NULL, digest TEXT NOT NULL,
    UNIQUE(text, params)
);
CREATE TABLE IF NOT EXISTS uses(path TEXT, query INTEGER, PRIMARY KEY(path, query)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS uses_by_query ON uses(query, path);

-- Which rows a query answers with (kind "row") or looks for ("where"); '*' looks at every row of the table.
CREATE TABLE IF NOT EXISTS hits(
    text INTEGER, tbl TEXT, kind TEXT, value TEXT, query INTEGER,
    PRIMARY KEY(text, tbl, kind, value, query)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS hits_by_query ON hits(query, kind, tbl, value);

-- Static and media files that an output or a style sheet refers to.
CREATE TABLE IF NOT EXISTS refs(path TEXT, target TEXT, PRIMARY KEY(path, target)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS refs_by_target ON refs(target);
CREATE TABLE IF NOT EXISTS files(
    path TEXT PRIMARY KEY, stamp TEXT NOT NULL, digest TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS changed(path TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS changed_by_revision ON changed(revision);

-- Paths that were taken away ("gone") or came back ("back"), for whoever asks what happened since a revision.
CREATE TABLE IF NOT EXISTS moves(
    id INTEGER PRIMARY KEY, revision INTEGER NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS moves_by_path ON moves(path, id);
CREATE INDEX IF NOT EXISTS moves_by_revision ON moves(revision);

CREATE INDEX IF NOT EXISTS outputs_leading ON outputs(path, redirect) WHERE redirect <> '';

-- Each transaction is a step with a mark. Who read all items at a step reads what later ones touched.
CREATE TABLE IF NOT EXISTS steps(id INTEGER PRIMARY KEY AUTOINCREMENT, mark TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS touched(path TEXT PRIMARY KEY, step INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS touched_by_step ON touched(step);
CREATE TRIGGER IF NOT EXISTS items_came AFTER INSERT ON items BEGIN
  INSERT OR REPLACE INTO touched VALUES (NEW.path, (SELECT max(id) FROM steps));
END;
CREATE TRIGGER IF NOT EXISTS items_changed AFTER UPDATE ON items BEGIN
  INSERT OR REPLACE INTO touched VALUES (NEW.path, (SELECT max(id) FROM steps));
END;
CREATE TRIGGER IF NOT EXISTS items_went AFTER DELETE ON items BEGIN
  INSERT OR REPLACE INTO touched VALUES (OLD.path, (SELECT max(id) FROM steps));
END;
"""
_NEWEST = "items_went"


def connect(frozen: Path) -> sqlite3.Connection:
    """The memory in the folder `frozen`, made when there is none."""
    frozen.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(frozen / "frozen.db", timeout=30, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -32000")
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (_NEWEST,)).fetchone():
        connection.executescript(SCHEMA)
    return connection


@contextmanager
def writing(memory: sqlite3.Connection) -> Iterator[None]:
    """One revision's transaction: all of it or nothing."""
    memory.execute("BEGIN IMMEDIATE")
    try:
        _step(memory)
        yield
    except BaseException:
        memory.execute("ROLLBACK")
        raise
    memory.execute("COMMIT")


def _step(memory: sqlite3.Connection) -> None:
    """No mark is ever given twice: readers notice a memory that was put back from a copy."""
    made = memory.execute("INSERT INTO steps(mark) VALUES (lower(hex(randomblob(16))))").lastrowid or 0
    for forgotten in ("steps WHERE id <= ?", "touched WHERE step <= ?"):
        memory.execute(f"DELETE FROM {forgotten}", (made - STEPS,))  # noqa: S608 - names of this module


def meta(memory: sqlite3.Connection) -> dict[str, str]:
    return dict(memory.execute("SELECT key, value FROM meta"))


def tell(memory: sqlite3.Connection, values: dict[str, str]) -> None:
    memory.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())


def changed(memory: sqlite3.Connection, revision: int, paths: list[str]) -> None:
    """Paths whose bytes differ from this revision on, for those who follow a publish."""
    memory.execute("DELETE FROM changed WHERE revision < ?", (revision - REMEMBERED,))
    memory.executemany("INSERT OR REPLACE INTO changed VALUES (?, ?)", ((path, revision) for path in paths))


def changes(memory: sqlite3.Connection, after: int | None) -> list[str]:
    rows = memory.execute("SELECT path FROM changed WHERE revision > ? ORDER BY path", (after or 0,))
    return [path for (path,) in rows]


def outputs(frozen: Path) -> list[tuple[str, str, int]]:
    """(path, kind, queries) of each output, for `python -m portico.studio queries`."""
    with sqlite3.connect(f"file:{frozen / 'frozen.db'}?mode=ro", uri=True) as memory:
        return memory.execute(
            "SELECT path, kind, queries FROM outputs ORDER BY queries DESC, path"
        ).fetchall()
