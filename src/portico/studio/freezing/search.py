"""The search index of the frozen pages: rebuilt behind a publish, so that no editor waits for it.

It has no queries of its own: it is made from the frozen pages, and taken over with a revision of its own.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db.models import F

from portico.studio.freezing import items, memory, poke, references
from portico.studio.models.revision import Revision
from portico.studio.search import apart

QUIET_SECONDS = 3.0
"""After a publish its own freeze and release come first."""
REST = 4
"""After a build so many times its own length: a large index takes a fifth of the time at most."""
_PAGES = "SELECT path, digest FROM items WHERE name GLOB '*.html' AND file = '' ORDER BY path"


def keep(ending: threading.Event) -> None:
    """A thread of the back: rebuilds the index whenever the pages have changed and rest."""
    frozen, seen, pause = settings.HERE.data / "frozen", "", QUIET_SECONDS
    while not ending.wait(pause):
        pause = QUIET_SECONDS
        if not (frozen / "frozen.db").exists():
            continue
        with closing(memory.connect(frozen)) as store:
            revision = memory.meta(store).get("revision", "")
        if revision and revision == seen:
            began = time.monotonic()
            if settle(frozen):
                pause = max(QUIET_SECONDS, REST * (time.monotonic() - began))
        seen = revision


def settle(frozen: Path) -> bool:
    """Whether the index had to be built. The same pages have the same one, however they came about."""
    with closing(memory.connect(frozen)) as store:
        pages = store.execute(_PAGES).fetchall()
        stamp = hashlib.sha256(repr(pages).encode()).hexdigest()
        if memory.meta(store).get("searched") == stamp:
            return False
        folder = frozen / "search" / stamp[:16]
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _take_over(store, apart.built(frozen, pages, folder), stamp)
    _forget_others(folder)
    Revision.objects.filter(pk=1).update(number=F("number") + 1)
    poke.send()
    return True


def _take_over(store: sqlite3.Connection, built: list[apart.Built], stamp: str) -> None:
    told = [(one.path, one.path[1:], one.digest, one.size, references.told(one.file)) for one in built]
    with memory.writing(store):
        store.execute(f"DELETE FROM items WHERE path GLOB '{items.SEARCH}*'")  # noqa: S608 - a constant
        store.executemany("INSERT INTO items VALUES (?, ?, ?, ?, ?)", told)
        memory.tell(store, {"searched": stamp})


def _forget_others(newest: Path) -> None:
    """The one before stays for whoever is reading it."""
    folders = sorted(newest.parent.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for old in folders[2:]:
        shutil.rmtree(old, ignore_errors=True)
