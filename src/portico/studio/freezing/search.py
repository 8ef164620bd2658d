"""The search index of the frozen pages: rebuilt behind a publish, so that no editor waits for it.

It has no queries of its own: it is made from the frozen pages, and taken over with a revision of its own.
"""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db.models import F

from portico.studio import apart
from portico.studio.freezing import items, memory, poke
from portico.studio.models.revision import Revision
from portico.studio.search import index

QUIET_SECONDS = 3.0
"""After a publish its own freeze and release come first."""
REST = 4
"""After a build so many times its own length: a large index takes a fifth of the time at most."""


def keep(ending: threading.Event) -> None:
    """A thread of the back: rebuilds the index whenever people have changed the pages and rest."""
    frozen, seen, done, pause = settings.HERE.data / "frozen", "", "", QUIET_SECONDS
    while not ending.wait(pause):
        pause, content = QUIET_SECONDS, _content(frozen)
        if content and content == seen != done:
            began = time.monotonic()
            if settle(frozen):
                pause = max(QUIET_SECONDS, REST * (time.monotonic() - began))
            done = content
        seen = content


def _content(frozen: Path) -> str:
    """The newest revision that people made."""
    if not (frozen / "frozen.db").exists():
        return ""
    with closing(memory.connect(frozen)) as store:
        told = memory.meta(store)
    return told.get("content", told.get("revision", ""))


def settle(frozen: Path) -> bool:
    """Whether the index had to be built. The same pages have the same one, however they came about."""
    built = apart.run(index.built, frozen)
    if built is None:
        return False
    with closing(memory.connect(frozen)) as store:
        _take_over(store, built)
    shutil.rmtree(frozen / index.DRAFT, ignore_errors=True)
    Revision.objects.filter(pk=1).update(number=F("number") + 1)
    poke.send()
    return True


def _take_over(store: sqlite3.Connection, built: index.Built) -> None:
    """Only what differs: whoever reads what was touched finds no more than that."""
    with memory.writing(store):
        its = items.Items(store)
        for path in built.gone:
            its.drop(path)
        for path, digest, size in built.came:
            its.put(path, path[1:], digest, size)
        memory.tell(store, {"searched": built.stamp})
