"""What a freeze left, as values that can be compared."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from portico.studio.freezing import bodies, freeze


def state(folder: Path) -> dict[str, tuple]:
    """Everything that a visitor could get: each item, and the redirects."""
    with closing(sqlite3.connect(folder / "frozen.db")) as db:
        found = {path: rest for path, *rest in db.execute("SELECT path, name, digest, size, file FROM items")}
        found["redirects"] = db.execute("SELECT value FROM meta WHERE key = 'redirects'").fetchall()
    return found


def body(folder: Path, path: str) -> str:
    with closing(sqlite3.connect(folder / "frozen.db")) as db:
        digest = db.execute("SELECT digest FROM items WHERE path = ?", (path,)).fetchone()[0]
    return bodies.place(folder, digest).read_text("utf-8")


def from_nothing(folder: Path) -> dict[str, tuple]:
    """A full freeze into a fresh folder, which leaves the studio's own one alone."""
    freeze.run(folder=folder)
    return state(folder)


def difference(one: dict, other: dict) -> list[str]:
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))
