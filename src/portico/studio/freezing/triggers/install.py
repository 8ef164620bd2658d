"""Puts the triggers on every visible table after each migration; during one they are out of its way."""

from __future__ import annotations

import hashlib
from types import ModuleType
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F

from portico.studio.freezing import visible
from portico.studio.freezing.triggers import postgresql, sqlite

KINDS: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}


def before_migrating(*, using: str, plan: list, **_: Any) -> None:
    """A column that a trigger names can't be dropped."""
    if plan:
        remove(connections[using])


def after_migrating(*, using: str, **_: Any) -> None:
    install(connections[using])


def install(connection: BaseDatabaseWrapper) -> bool:
    """Whether anything lacked. Nobody knows what happened meanwhile: the next freeze looks at everything."""
    from portico.studio.models.revision import Revision  # noqa: PLC0415 - models are loaded after the app

    if "studio_revision" not in connection.introspection.table_names():
        return False
    wanted = _wanted(connection)
    stamp = hashlib.sha256("\0".join(wanted.values()).encode()).hexdigest()
    alias = connection.alias
    with transaction.atomic(using=alias):
        row, _ = Revision.objects.using(alias).get_or_create(pk=1)
        if row.triggers == stamp and _found(connection) == sorted(name for name in wanted if name):
            return False
        remove(connection)
        with connection.cursor() as cursor:
            for statement in wanted.values():
                cursor.execute(statement)
        Revision.objects.using(alias).filter(pk=1).update(triggers=stamp, mark="", number=F("number") + 1)
    return True


def remove(connection: BaseDatabaseWrapper) -> None:
    kind = KINDS[connection.vendor]
    with connection.cursor() as cursor:
        for name in _found(connection):
            cursor.execute(kind.dropping(name))


def _found(connection: BaseDatabaseWrapper) -> list[str]:
    return sorted(name for (name,) in _rows(connection, KINDS[connection.vendor].FOUND))


def _wanted(connection: BaseDatabaseWrapper) -> dict[str, str]:
    kind = KINDS[connection.vendor]
    wanted = dict(kind.shared())
    for table in tables(connection):
        wanted |= kind.of(table, columns(connection, table))
    return wanted


def tables(connection: BaseDatabaseWrapper) -> list[str]:
    found = _rows(connection, KINDS[connection.vendor].TABLES)
    return sorted(table for (table,) in found if not visible.private(table))


def columns(connection: BaseDatabaseWrapper, table: str) -> list[visible.Column]:
    return visible.columns(_rows(connection, KINDS[connection.vendor].described(table)))


def _rows(connection: BaseDatabaseWrapper, query: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
