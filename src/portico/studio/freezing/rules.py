"""The redirects: of pages that lead elsewhere, and of editors; none from where a page is."""

from __future__ import annotations

import sqlite3
from pathlib import PurePosixPath

from portico.studio.freezing import targets


def of(memory: sqlite3.Connection) -> str:
    """In the syntax of `_redirects`."""
    told = dict(memory.execute("SELECT path, redirect FROM outputs WHERE redirect <> ''"))
    of_editors = told.pop(targets.RULES, "")
    lines = [f"{path} {leads}" for path, leads in sorted(told.items())]
    for line in of_editors.splitlines():
        old, leads = line.split(" ", 1)
        forms = _forms(old)
        if not any(form in told or _taken(memory, form) for form in forms):
            lines += [f"{form} {leads}" for form in forms]
    return "".join(f"{line}\n" for line in lines)


def _forms(path: str) -> tuple[str, ...]:
    """Wagtail keeps addresses without the slash at their end, and means both."""
    return (path, f"{path}/") if "." not in PurePosixPath(path).name else (path,)


def _taken(memory: sqlite3.Connection, path: str) -> bool:
    return memory.execute("SELECT 1 FROM items WHERE path = ?", (path,)).fetchone() is not None
