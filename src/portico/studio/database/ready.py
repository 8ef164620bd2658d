"""Before the studio serves: the tables are as its code expects them, and an empty database is filled.

Runs in a process of its own, as what migrating loads is not needed afterwards.
"""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core import management
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from portico.studio import starter
from portico.studio.database import backup

_log = logging.getLogger(__name__)


def make() -> None:
    applied = MigrationRecorder(connection).applied_migrations()
    if not applied:
        _log.warning("the database is empty: it gets tables and the sample company's pages")
        without_time_limit()
        for name in starter.make(until="pictures made"):
            _log.warning("%s", name)
    elif pending := known() - applied.keys():
        _log.warning("migrations are applied: %d", len(pending))
        if connection.vendor == "sqlite":
            moment = dt.datetime.now(dt.UTC)
            backup.copy(settings.HERE.data / "backups" / f"before-{moment:%Y-%m-%dT%H%M%S}.db")
        without_time_limit()
        management.call_command("migrate", interactive=False, verbosity=0)


def known() -> set[tuple[str, str]]:
    """By app and name, from the names of the files alone: importing them all would take a second."""
    return {
        (config.label, file.stem)
        for config in apps.get_app_configs()
        for file in (Path(config.path) / "migrations").glob("[0-9]*.py")
    }


def without_time_limit() -> None:
    """Building an index may take its time; waiting for a lock, while others wait behind it, may not."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
