"""What a database needs once in a while, done by a thread of the back: each line of CHORES is a function."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.core import management
from django.db import connection

from portico.studio.database import backup

EVERY = 600.0
"""Seconds. A chore that has nothing to do costs next to nothing."""


def forget_sessions() -> None:
    management.call_command("clearsessions", verbosity=0)


def gather_statistics() -> None:
    """So that queries go by the indexes that help; PostgreSQL does it by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize")


CHORES: tuple[Callable[[], None], ...] = (backup.daily, forget_sessions, gather_statistics)


def keep(ending: threading.Event) -> None:
    while not ending.is_set():
        for chore in CHORES:
            chore()
        connection.close()
        ending.wait(EVERY)
