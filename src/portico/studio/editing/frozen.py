"""What is published, as freezing left it in the studio's folder: read only, and nothing where is none."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Item:
    path: str
    name: str
    digest: str


def has(path: str) -> bool:
    return _find(path) is not None


def is_page(path: str) -> bool:
    found = _find(path)
    return found is not None and found.name.endswith("index.html")


def body(path: str) -> bytes | None:
    found = _find(path)
    return read(found) if found else None


def revision() -> str:
    return _meta("revision")


def read(item: Item) -> bytes | None:
    file = _folder() / "bodies" / item.digest[:2] / item.digest
    try:
        return file.read_bytes()
    except OSError:
        return None


def _find(path: str) -> Item | None:
    wanted = [path, f"{path.rstrip('/')}/"]
    found = _rows("SELECT path, name, digest FROM items WHERE path IN (?, ?)", *wanted)
    return found[0] if found else None


def _rows(query: str, *values: str) -> list[Item]:
    with _opened() as database:
        return [Item(*row) for row in database.execute(query, values)] if database else []


def _meta(key: str) -> str:
    with _opened() as database:
        query = "SELECT value FROM meta WHERE key = ?"
        row = database.execute(query, (key,)).fetchone() if database else None
    return row[0] if row else ""


@contextmanager
def _opened() -> Iterator[sqlite3.Connection | None]:
    file = _folder() / "frozen.db"
    if not file.exists():
        yield None
        return
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=5)) as database:
        yield database


def _folder() -> Path:
    return settings.HERE.data / "frozen"
