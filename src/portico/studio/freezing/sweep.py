"""Looks again at what the log can't tell: triggers that somebody disabled, files that somebody replaced.

In short slices, beside everything else, and it changes nothing itself: where something differs, the next
freeze is told to ask every query anew.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import F

from portico.studio.freezing import bodies, consistent, files, memory, poke
from portico.studio.freezing.queries import digests, plans
from portico.studio.freezing.triggers import install
from portico.studio.models.revision import Change, Revision

EVERY_SECONDS = 600.0
SLICE_SECONDS = 0.1
REST_SECONDS = 0.9
_AT_ONCE = 50


def keep(ending: threading.Event) -> None:
    """A thread of the back."""
    while not ending.wait(EVERY_SECONDS):
        if (settings.HERE.data / "frozen" / "frozen.db").exists():
            go_round(settings.HERE.data / "frozen", ending)


def go_round(frozen: Path, ending: threading.Event) -> None:
    """Once through everything, most of it spent resting; then bodies that nothing names any more go."""
    install.install(connection)
    begin: int | None = 0
    while begin is not None and not ending.wait(REST_SECONDS):
        begin = look(frozen, begin)
    with closing(memory.connect(frozen)) as store:
        bodies.sweep(frozen, {digest for (digest,) in store.execute("SELECT digest FROM items")})


def look(frozen: Path, begin: int, seconds: float = SLICE_SECONDS) -> int | None:
    """Compare from the query `begin` on; tells where to go on, None at the end or after a finding."""
    until = time.monotonic() + seconds
    with closing(memory.connect(frozen)) as store, consistent.reading() as revision:
        if memory.meta(store).get("revision") != str(revision) or Change.objects.exists():
            return begin  # something is about to be frozen: wait for it
        differs = begin == 0 and files.replaced(store)
        while not differs and time.monotonic() < until:
            rows = store.execute(_QUERIES, (begin, _AT_ONCE)).fetchall()
            if not rows:
                return None
            differs = any(_differs(row) for row in rows)
            begin = rows[-1][0]
    if differs:
        everything_anew()
    return None if differs else begin


def everything_anew() -> None:
    """The next freeze asks every query, whatever the log says."""
    Revision.objects.filter(pk=1).update(mark="", number=F("number") + 1)
    poke.send()


_QUERIES = (
    "SELECT queries.id, sql, params, digest, plan FROM queries JOIN texts ON texts.id = text"
    " WHERE queries.id > ? ORDER BY queries.id LIMIT ?"
)


def _differs(row: sqlite3.Row | tuple) -> bool:
    _, sql, params, digest, plan = row
    return digests.digest(digests.ask(sql, params), plans.decode(plan)) != digest
