"""A fresh home begins with a finished studio: a copy of the one that was made beforehand."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import sys
from pathlib import Path

from portico.config.home import Home
from portico.config.models import Settings
from portico.snapshot import studio as frozen

MADE = Path(sys.prefix) / "starter"
"""`dev/prepare.py` makes it in a checkout's .venv."""


def provide(home: Home, settings: Settings) -> None:
    """Copy it to a home that has no studio yet. Without one, the studio makes its own when it starts.

    One whose database is elsewhere always does: what is in the copy's would be missing there.
    """
    if home.studio.exists() or not settings.runs_studio or not MADE.is_dir() or _is_elsewhere(settings):
        return
    draft = home.root / "studio.new"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(MADE, draft)
    draft.chmod(0o700)
    _move(draft / frozen.FROZEN / frozen.DATABASE, MADE.resolve(), home.studio)
    draft.rename(home.studio)


def _is_elsewhere(settings: Settings) -> bool:
    return settings.studio.database_file is not None or bool(os.environ.get("DATABASE_URL"))


def _move(database: Path, before: Path, after: Path) -> None:
    """Files that are named whole lie in the new folder now."""
    if not database.exists():
        return
    with contextlib.closing(sqlite3.connect(database)) as db, db:
        db.execute(
            "update items set file = ? || substr(file, ?) where substr(file, 1, ?) = ?",
            (f"{after}/", len(str(before)) + 2, len(str(before)) + 1, f"{before}/"),
        )
