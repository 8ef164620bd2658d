"""Copies of the SQLite database, made while the studio works. PostgreSQL is backed up by its own means."""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

KEPT = 7
"""Days."""


class RefusedError(Exception):
    """There is nothing here to copy that way."""


def copy(to: Path) -> int:
    """A whole and checked copy at `to`, or none. Its size in bytes."""
    if connection.vendor != "sqlite":
        raise RefusedError("the studio's database is PostgreSQL: use its own tools, such as pg_dump")
    to.parent.mkdir(parents=True, exist_ok=True)
    draft = to.with_name(f"{to.name}.{os.getpid()}.part")
    source = sqlite3.connect(connection.settings_dict["NAME"])
    draft.touch(mode=0o600)
    target = sqlite3.connect(draft)
    try:
        source.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")  # one file, whole in itself
        _check(target)
    except BaseException:
        draft.unlink()
        raise
    finally:
        source.close()
        target.close()
    _settle(draft, to)
    return to.stat().st_size


def answer(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """POST /backup {"to": path}."""
    if not Path(str(body.get("to", ""))).is_absolute():
        return 422, {"what": f"expected a whole path, got {body.get('to')!r}", "where": "to"}
    try:
        return 200, {"bytes": copy(Path(body["to"]))}
    except RefusedError as why:
        return 422, {"what": str(why), "where": "to"}


def daily() -> None:
    """Today's copy, unless it is there; the oldest ones go."""
    folder = settings.HERE.data / "backups"
    today = folder / name(dt.datetime.now(dt.UTC).date())
    if connection.vendor == "sqlite" and not today.exists():
        copy(today)
        for old in surplus(sorted(path.name for path in folder.glob("day-*.db")), KEPT):
            (folder / old).unlink()


def name(day: dt.date) -> str:
    return f"day-{day.isoformat()}.db"


def surplus(names: Sequence[str], kept: int) -> Sequence[str]:
    """Of sorted names, those that have had their time."""
    return names[:-kept]


def _check(copied: sqlite3.Connection) -> None:
    found = copied.execute("PRAGMA quick_check").fetchone()[0]
    if found != "ok":
        raise RefusedError(f"the copy is damaged: {found}")


def _settle(draft: Path, to: Path) -> None:
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(to)
    folder = os.open(to.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
