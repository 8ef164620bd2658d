"""Static files and media as items: those that a body refers to, and what they refer to in turn."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from portico.studio.freezing import bodies, items, pairs, references


def write(its: items.Items, touched: set[str]) -> None:
    """Look at the paths that a body began or ceased to refer to."""
    while touched:
        path = touched.pop()
        if its.store.execute("SELECT 1 FROM refs WHERE target = ?", (path,)).fetchone():
            touched |= _keep(its, path)
        else:
            touched |= _forget(its, path)


def everything(memory: sqlite3.Connection) -> set[str]:
    """All paths that are referred to, for a look at each."""
    return {path for (path,) in memory.execute("SELECT target FROM refs UNION SELECT path FROM files")}


def _keep(its: items.Items, path: str) -> set[str]:
    """One that isn't there is no item: the snapshot's check of links tells of it."""
    place = references.file(path)
    if place is None:
        return _forget(its, path)
    stamp = _stamp(place)
    if its.store.execute("SELECT 1 FROM files WHERE path = ? AND stamp = ?", (path, stamp)).fetchone():
        return set()
    body = place.read_bytes()
    digest = bodies.digest(body)
    its.store.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", (path, stamp, digest))
    its.put(path, path[1:], digest, len(body), references.told(place))
    return pairs.differ(its.store, "refs", path, references.within(path, place))


def _forget(its: items.Items, path: str) -> set[str]:
    if its.store.execute("DELETE FROM files WHERE path = ? RETURNING 1", (path,)).fetchone() is None:
        return set()
    its.drop(path)
    return pairs.differ(its.store, "refs", path, ())


def _stamp(place: Path) -> str:
    status = place.stat()
    return f"{references.told(place)}:{status.st_mtime_ns}:{status.st_size}"


def replaced(memory: sqlite3.Connection) -> bool:
    """Whether any file is another one than the one that was frozen, or is gone."""
    for path, stamp in memory.execute("SELECT path, stamp FROM files"):
        place = references.file(path)
        if place is None or _stamp(place) != stamp:
            return True
    return False
