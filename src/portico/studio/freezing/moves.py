"""Paths that visitors lost or got back, by revision: what a freeze says must be taken down, or lifted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from django.conf import settings

from portico.studio.freezing import items
from portico.studio.freezing.queries import affected

GONE, BACK = "gone", "back"


def note(its: items.Items, revision: int, left: set[str], changes: Iterable[affected.Change]) -> None:
    """Media that pages merely show no more stay in older snapshots; those of pages that are gone (`left`) and
    those that were deleted, go.
    """
    gone, taken_away = its.gone(), left | deleted_files(changes)
    media = {path for path in gone & taken_away if path.startswith(settings.MEDIA_URL)}
    back = {path for path in its.new() if _last(its.store, path) == GONE}
    rows = [(revision, GONE, path) for path in (*pages(gone), *sorted(media))]
    rows += [(revision, BACK, path) for path in sorted(back)]
    its.store.executemany("INSERT INTO moves(revision, kind, path) VALUES (?, ?, ?)", rows)


def pages(paths: Iterable[str]) -> list[str]:
    """Without static files and media."""
    return sorted(path for path in paths if not path.startswith((settings.STATIC_URL, settings.MEDIA_URL)))


def since(memory: sqlite3.Connection, revision: int | None) -> dict[str, list[str]]:
    """What became of each path in the end, of those that moved after the revision."""
    rows = memory.execute("SELECT path, kind FROM moves WHERE revision > ? ORDER BY id", (revision or 0,))
    last = dict(rows.fetchall())
    return {kind: sorted(path for path, its in last.items() if its == kind) for kind in (GONE, BACK)}


def deleted_files(changes: Iterable[affected.Change]) -> set[str]:
    """Media whose row was deleted, whatever column says where a file lies."""
    gone: set[str] = set()
    for change in changes:
        if change.gone:
            gone |= {
                settings.MEDIA_URL + value for value in change.rows[0].values() if isinstance(value, str)
            }
    return gone


def _last(memory: sqlite3.Connection, path: str) -> str:
    row = memory.execute("SELECT kind FROM moves WHERE path = ? ORDER BY id DESC LIMIT 1", (path,)).fetchone()
    return row[0] if row else ""
