"""The items that visitors get, as one freeze changes them: remembers what each was before."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

SEARCH = "/pagefind/"
_NOT_FOUND_BY = f"path NOT GLOB '{SEARCH}*'"


@dataclass(slots=True)
class Items:
    """`before` holds the digest of each path that was touched, None where there was no item."""

    store: sqlite3.Connection
    before: dict[str, str | None] = field(default_factory=dict)

    def put(self, path: str, name: str, digest: str, size: int, file: str = "") -> None:
        self._touch(path)
        self.store.execute(
            "INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, ?)", (path, name, digest, size, file)
        )

    def drop(self, path: str) -> None:
        self._touch(path)
        self.store.execute("DELETE FROM items WHERE path = ?", (path,))

    def clear(self) -> None:
        """Before everything is made anew; the search index follows the pages in its own time."""
        self.before = dict(self.store.execute(f"SELECT path, digest FROM items WHERE {_NOT_FOUND_BY}"))  # noqa: S608 - a constant
        self.store.execute(f"DELETE FROM items WHERE {_NOT_FOUND_BY}")  # noqa: S608 - a constant
        for table in ("outputs", "texts", "queries", "uses", "hits", "refs", "files"):
            self.store.execute(f"DELETE FROM {table}")  # noqa: S608 - names of this module

    def gone(self) -> set[str]:
        return {path for path, digest in self.before.items() if digest and self._now(path) is None}

    def new(self) -> set[str]:
        return {path for path, digest in self.before.items() if digest is None and self._now(path)}

    def changed(self) -> list[str]:
        return sorted(path for path, digest in self.before.items() if self._now(path) != digest)

    def _touch(self, path: str) -> None:
        if path not in self.before:
            self.before[path] = self._now(path)

    def _now(self, path: str) -> str | None:
        row = self.store.execute("SELECT digest FROM items WHERE path = ?", (path,)).fetchone()
        return row[0] if row else None
