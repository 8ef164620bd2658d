"""Stops the studio's database for a while: nobody can write to it, whichever it is.

A PostgreSQL that is ours to stop is stopped, another one is locked; so is SQLite, which has no server.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg

from portico.config.home import Home
from portico.kit.process import Process
from portico.recover import postmaster

TABLE = "studio_delivery"
_OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
)


@contextlib.contextmanager
def database(home: Home, studio: Process) -> Iterator[str]:
    """What was done to it, while it stands still."""
    url = _url(studio)
    if not url:
        with _sqlite(home.studio / "studio.db"):
            yield "SQLite locked exclusively (it has no server to stop)"
        return
    server = postmaster.find(url)
    if isinstance(server, str):
        with _postgresql(url):
            yield f"PostgreSQL's connections ended and its table locked (not stopped: {server})"
        return
    with postmaster.stopped(server, url):
        yield "PostgreSQL stopped as by a crash"


def _url(studio: Process) -> str:
    """As the running studio was told it."""
    try:
        url = psutil.Process(studio.pid).environ().get("DATABASE_URL", "")
    except psutil.Error:
        return ""
    return url if url.startswith("postgres") else ""


@contextlib.contextmanager
def _sqlite(file: Path) -> Iterator[None]:
    connection = sqlite3.connect(file, timeout=30, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")
    finally:
        connection.close()


@contextlib.contextmanager
def _postgresql(url: str) -> Iterator[None]:
    with psycopg.connect(url) as connection:
        connection.execute(f"LOCK TABLE {TABLE} IN ACCESS EXCLUSIVE MODE")
        connection.execute(_OTHERS)
        yield
        connection.rollback()
