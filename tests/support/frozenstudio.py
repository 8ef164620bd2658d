"""What a studio freezes, written by hand: for tests of those who read it."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Mapping
from pathlib import Path

SCHEMA = """
create table if not exists items (
  path text primary key, name text not null, digest text not null, size integer not null, file text not null
) without rowid;
create table if not exists meta (key text primary key, value text not null) without rowid;
"""


def page(title: str, body: str = "") -> bytes:
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
    return f"{head}<h1>{title}</h1>{body}".encode()


def freeze(
    data: Path,
    pages: Mapping[str, bytes],
    *,
    revision: int,
    files: Mapping[str, Path] = {},
    **meta: str,
) -> None:
    """Make `pages` (name -> bytes) and `files` (name -> where they lie) all that is frozen."""
    folder = data / "frozen"
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(sqlite3.connect(folder / "frozen.db", isolation_level=None)) as db:
        db.execute("pragma journal_mode = wal")
        db.executescript(SCHEMA)
        rows = [(*_kept(folder, name, body), "") for name, body in pages.items()]
        for name, place in files.items():
            body = place.read_bytes()
            rows.append((_path(name), name, hashlib.sha256(body).hexdigest(), len(body), str(place)))
        db.execute("begin immediate")
        db.execute("delete from items")
        db.executemany("insert into items values (?, ?, ?, ?, ?)", rows)
        values = {"revision": str(revision), "build": "b1", "headers": "", "redirects": "", **meta}
        db.executemany("insert or replace into meta values (?, ?)", values.items())
        db.execute("commit")


def _kept(folder: Path, name: str, body: bytes) -> tuple[str, str, str, int]:
    digest = hashlib.sha256(body).hexdigest()
    place = folder / "bodies" / digest[:2] / digest
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(body)
    return _path(name), name, digest, len(body)


def _path(name: str) -> str:
    return f"/{name.removesuffix('index.html')}"
