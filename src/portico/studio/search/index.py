"""What the index of the pages has that the frozen one lacks: found in a process of its own."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from portico.studio.freezing import bodies, items, memory
from portico.studio.search import build

DRAFT = "search"
_PAGES = "SELECT path, digest FROM items WHERE name GLOB '*.html' AND file = '' ORDER BY path"
_INDEX = f"SELECT path, digest FROM items WHERE path GLOB '{items.SEARCH}*' AND file = ''"  # noqa: S608 - a constant


class Built(NamedTuple):
    """Files of the index that are new or other ones, as (path, digest, size), and paths that are no more."""

    stamp: str
    came: list[tuple[str, str, int]]
    gone: list[str]


def built(frozen: Path) -> Built | None:
    """None when the pages are those of the index. Its files are kept as bodies: most stay what they were."""
    with closing(memory.connect(frozen)) as store:
        pages, before, searched = _seen(store)
    stamp = hashlib.sha256(repr(pages).encode()).hexdigest()
    if searched == stamp:
        return None
    draft = frozen / DRAFT / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    (draft / "index").mkdir(parents=True)
    found = build.build(((path, bodies.place(frozen, digest)) for path, digest in pages), draft / "index")
    now = {path: bodies.digest(file.read_bytes()) for path, file in found}
    new = {path: file.read_bytes() for path, file in found if before.get(path) != now[path]}
    bodies.keep(frozen, new)
    shutil.rmtree(draft)
    came = [(path, now[path], len(body)) for path, body in new.items()]
    return Built(stamp, came, sorted(before.keys() - now.keys()))


def _seen(store: sqlite3.Connection) -> tuple[list[tuple[str, str]], dict[str, str], str]:
    """The pages, the files of the index before, and what that was built from: all of one moment."""
    store.execute("BEGIN")
    try:
        pages, before = store.execute(_PAGES).fetchall(), dict(store.execute(_INDEX).fetchall())
        return pages, before, memory.meta(store).get("searched", "")
    finally:
        store.execute("ROLLBACK")
