"""Which remembered queries a change of rows can have another answer for. Cost grows with the change."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portico.studio.freezing.queries import plans, recording

MANY = 2_000
"""More changed rows of a table than this: each of its queries is asked again, without looking at rows."""


@dataclass(frozen=True, slots=True)
class Change:
    """`columns` that an update changed; None when a row came or went. No rows: the table was emptied."""

    table: str
    columns: frozenset[str] | None
    rows: tuple[plans.Row, ...]
    gone: bool = False


def read(table: str, changed: str, old: str | None, new: str | None) -> Change:
    """A row of the log as the triggers wrote it."""
    rows = tuple(json.loads(row) for row in (old, new) if row is not None)
    return Change(
        table,
        frozenset(filter(None, changed.split(","))) if len(rows) == 2 else None,
        rows,
        new is None and old is not None,
    )


def queries(memory: sqlite3.Connection, changes: Iterable[Change], keys: Mapping[str, str]) -> set[int]:
    texts = {key: plans.decode(told) for key, told in memory.execute("SELECT id, plan FROM texts")}
    by_table: dict[str, list[Change]] = {}
    for change in changes:
        by_table.setdefault(change.table, []).append(change)
    found: set[int] = set()
    for name, its_changes in by_table.items():
        blunt = len(its_changes) > MANY or any(not change.rows for change in its_changes)
        for text, plan in texts.items():
            table = plan.of(name)
            if table is None:
                continue
            if blunt or table.every:
                found |= _all(memory, text)
                continue
            looker = _Looker(memory, text, name, table, keys.get(name, ""))
            for change in its_changes:
                found |= looker.affected(change)
    return found


@dataclass(frozen=True, slots=True)
class _Looker:
    """Looks among the queries of one text for those that a change of one table's row can matter to."""

    memory: sqlite3.Connection
    text: int
    name: str
    table: plans.Table
    key: str

    def affected(self, change: Change) -> set[int]:
        if change.columns is not None and not change.columns & self.table.shown:
            return set()
        if self.table.lookup:
            return self._with_row(change)
        decides = change.columns is None or change.columns & self.table.deciding
        return self._looking_for(change) if decides or self.table.row is None else self._with_row(change)

    def _with_row(self, change: Change) -> set[int]:
        keys = {plans.plain(row.get(self.key)) for row in change.rows}
        return {query for query, _ in self._hits("row", {key for key in keys if key is not None})}

    def _looking_for(self, change: Change) -> set[int]:
        values = {plans.EVERY}
        if self.table.guards:
            first = self.table.guards[0]
            for row in change.rows:
                values |= _possible(first, row)
        hits = self._hits("where", values)
        if len(self.table.guards) < 2:
            return {query for query, _ in hits}
        return {query for query, params in hits if self.table.fits(change.rows, recording.decode(params))}

    def _hits(self, kind: str, values: set[str]) -> list[tuple[int, str]]:
        places = ",".join("?" * len(values))
        return self.memory.execute(
            "SELECT query, params FROM hits JOIN queries ON queries.id = query"  # noqa: S608 - places only
            f" WHERE hits.text = ? AND tbl = ? AND kind = ? AND value IN ({places})",
            (self.text, self.name, kind, *values),
        ).fetchall()


def _possible(guard: plans.Guard, row: plans.Row) -> set[str]:
    """The values of a guard that would fit the row."""
    value = plans.plain(row.get(guard.column))
    if value is None:
        return set()
    if guard.kind == plans.EQUAL:
        return {value}
    return {value[:end] for end in range(1, len(value) + 1)}


def _all(memory: sqlite3.Connection, text: int) -> set[int]:
    return {query for (query,) in memory.execute("SELECT id FROM queries WHERE text = ?", (text,))}
