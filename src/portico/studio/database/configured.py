"""How Django reaches its database: SQLite in its own folder, or the PostgreSQL that a URL names. Pure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url

PRAGMAS = {
    # readers never wait for a writer, nor a writer for readers
    "journal_mode": "WAL",
    # a commit is on the disk before it is told: what a visitor sent leaves the journals after it
    "synchronous": "FULL",
    "cache_size": -8000,  # 8 MB for each connection
    "mmap_size": 134217728,  # pages are read from the kernel's cache, which all processes share
    "temp_store": "MEMORY",
    "journal_size_limit": 33554432,
}
PATIENCE = 20
"""Seconds that a writer waits for the one before it."""

POOL = {"min_size": 1, "max_size": 8, "timeout": 10, "max_idle": 300}
SESSION = {
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "60s",
    # tables of a few rows are never analysed, and are taken for large ones: to compile a join of all types
    # of pages took seconds, to answer it a third of a millisecond
    "jit": "off",
}


def database(url: str, data: Path) -> dict[str, Any]:
    """An entry of DATABASES."""
    if not url:
        return sqlite(data / "studio.db")
    parsed: dict[str, Any] = dict(dj_database_url.parse(url))
    if parsed["ENGINE"].endswith("sqlite3"):
        return sqlite(Path(parsed["NAME"]))
    if parsed["ENGINE"].endswith("postgresql"):
        return parsed | {"CONN_MAX_AGE": 0, "OPTIONS": _postgresql(parsed.get("OPTIONS", {}))}
    raise ValueError(f"DATABASE_URL: expected sqlite or postgresql, got {parsed['ENGINE']}")


def sqlite(file: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "timeout": PATIENCE,
            # who reads first and writes later would be refused when somebody wrote in between
            "transaction_mode": "IMMEDIATE",
            "init_command": ";".join(f"PRAGMA {name}={value}" for name, value in PRAGMAS.items()),
        },
    }


def _postgresql(asked: dict[str, Any]) -> dict[str, Any]:
    """The URL's own options go before ours."""
    session = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    ours = {"pool": POOL, "application_name": "portico-studio", "connect_timeout": 5}
    return ours | asked | {"options": f"{session} {asked.get('options', '')}".strip()}
