"""What a query answers, as a digest; and the rows that it answers with or looks for."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection

from portico.studio.freezing import visible
from portico.studio.freezing.queries import plans, reading, recording
from portico.studio.freezing.triggers import install

Hit = tuple[str, str, str]
"""A table, "row" or "where", and a value."""


@cache
def known() -> reading.Known:
    tables = install.tables(connection)
    logged = {
        table: frozenset(column.name for column in install.columns(connection, table) if column.short)
        for table in tables
    }
    return reading.Known(visible.keys(), visible.references(), logged, visible.PRIVATE_COLUMNS)


def plan(sql: str) -> plans.Plan:
    return reading.read(sql, connection.vendor, known())


def ask(sql: str, params: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, recording.decode(params))
        return list(cursor.fetchall())


def digest(rows: Sequence[Sequence[Any]], plan: plans.Plan) -> str:
    left_out = set(plan.private)
    if left_out:
        rows = [[value for place, value in enumerate(row) if place not in left_out] for row in rows]
    told = repr([[_steady(value) for value in row] for row in rows])
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def hits(rows: Sequence[Sequence[Any]], params: str, plan: plans.Plan) -> set[Hit]:
    values = recording.decode(params)
    found: set[Hit] = set()
    for name, table in plan.tables.items():
        if table.row is not None:
            keys = (plans.plain(row[table.row]) for row in rows)
            found |= {(name, "row", key) for key in keys if key is not None}
        if not table.lookup:
            first = table.guards[0].values(values) if table.guards else None
            found |= {(name, "where", value) for value in ({plans.EVERY} if first is None else first)}
    return found


def _steady(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
