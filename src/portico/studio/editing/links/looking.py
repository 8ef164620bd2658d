"""Looks through all frozen pages for links, in a process of its own, which knows no Django.

A body never changes: what was found in it is remembered in a file beside the bodies, which may be lost.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from contextlib import closing
from pathlib import Path

from portico.studio.editing.checks import document
from portico.studio.editing.links import scan

_TABLE = "CREATE TABLE IF NOT EXISTS looked(digest TEXT PRIMARY KEY, told TEXT NOT NULL) WITHOUT ROWID"
_PAGES = "SELECT path, digest FROM items WHERE name LIKE '%.html' ORDER BY path"

_NONE = "[[], []]"


def look(frozen: Path, hosts: Collection[str]) -> scan.Found:
    """`hosts` are the site's own names."""
    with closing(sqlite3.connect(f"{(frozen / 'frozen.db').as_uri()}?mode=ro", uri=True, timeout=30)) as db:
        db.execute("BEGIN")
        meta = dict(db.execute("SELECT key, value FROM meta"))
        pages = db.execute(_PAGES).fetchall()
        paths = frozenset(path for (path,) in db.execute("SELECT path FROM items"))
    lines = (line for line in meta.get("redirects", "").splitlines() if line.strip())
    site = scan.Site(hosts, paths, [line.split()[0] for line in lines])
    known = _looked(frozen, {digest for _, digest in pages})
    looked = {path: known[digest] for path, digest in pages}
    broken, outside = tuple(scan.broken(looked, site)), scan.outside(looked, site)
    return scan.Found(meta.get("revision", ""), broken, outside)


def _looked(frozen: Path, wanted: Collection[str]) -> dict[str, scan.Looked]:
    """What each body links to; those that weren't known are taken apart."""
    with closing(sqlite3.connect(frozen / "links.db", timeout=30)) as db, db:
        db.execute(_TABLE)
        known = dict(db.execute("SELECT digest, told FROM looked").fetchall())
        read = {digest: _read(frozen, digest) for digest in wanted if digest not in known}
        new = {digest: _tell(html) for digest, html in read.items() if html is not None}
        db.executemany("INSERT INTO looked VALUES (?, ?)", new.items())
        db.executemany("DELETE FROM looked WHERE digest = ?", _each(known.keys() - set(wanted)))
    told = known | new
    return {digest: scan.Looked(*map(tuple, json.loads(told.get(digest, _NONE)))) for digest in wanted}


def _tell(html: bytes) -> str:
    return json.dumps([document.hrefs(html), sorted(document.ids(html))])


def _read(frozen: Path, digest: str) -> bytes | None:
    """None for one that was swept away meanwhile: there is something newer to look at."""
    try:
        return (frozen / "bodies" / digest[:2] / digest).read_bytes()
    except FileNotFoundError:
        return None


def _each(values: Iterable[str]) -> list[tuple[str]]:
    return [(value,) for value in values]
