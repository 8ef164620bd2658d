"""Before the studio serves: the tables are as its code expects them, and an empty database is filled.

Runs in a process of its own, as what migrating loads is not needed afterwards.
"""

from __future__ import annotations

import logging
from pathlib import Path

from django.apps import apps
from django.core import management
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from portico.studio import starter

_log = logging.getLogger(__name__)


def make() -> None:
    applied = MigrationRecorder(connection).applied_migrations()
    if not applied:
        _log.warning("the database is empty: it gets tables and the sample company's pages")
        for name in starter.make(until="pictures made"):
            _log.warning("%s", name)
    elif pending := known() - applied.keys():
        _log.warning("%d migrations are applied", len(pending))
        management.call_command("migrate", interactive=False, verbosity=0)


def known() -> set[tuple[str, str]]:
    """By app and name, from the names of the files alone: importing them all would take a second."""
    return {
        (config.label, file.stem)
        for config in apps.get_app_configs()
        for file in (Path(config.path) / "migrations").glob("[0-9]*.py")
    }
