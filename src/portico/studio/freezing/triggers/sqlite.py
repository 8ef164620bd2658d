"""Triggers for SQLite. One writer at a time there, so that the number rises with each row."""

from __future__ import annotations

from collections.abc import Sequence

from portico.studio.freezing.visible import Column

BEGINNING = "portico_"
_AT_ONCE = 40  # a function takes 100 arguments at most

FOUND = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'portico_*'"
TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"


def described(table: str) -> str:
    """A query for the table's (column, type)."""
    return f"SELECT name, type FROM pragma_table_info('{table}')"  # noqa: S608 - a name from the schema


def dropping(name: str) -> str:
    return f'DROP TRIGGER IF EXISTS "{name}"'


def shared() -> dict[str, str]:
    return {}


def of(table: str, columns: Sequence[Column]) -> dict[str, str]:
    """By name, what makes the triggers of a table."""
    return {
        f"{BEGINNING}insert_{table}": _trigger("insert", table, "''", "NULL", _row("NEW", columns)),
        f"{BEGINNING}delete_{table}": _trigger("delete", table, "''", _row("OLD", columns), "NULL"),
        f"{BEGINNING}update_{table}": _trigger(
            "update",
            table,
            _changed(columns),
            _row("OLD", columns),
            _row("NEW", columns),
            when=_differs(columns),
        ),
    }


def _trigger(event: str, table: str, changed: str, old: str, new: str, *, when: str = "") -> str:
    return f"""CREATE TRIGGER "{BEGINNING}{event}_{table}" AFTER {event.upper()} ON "{table}"
FOR EACH ROW {when} BEGIN
  UPDATE studio_revision SET number = number + 1, at = (julianday('now') - 2440587.5) * 86400.0 WHERE id = 1;
  INSERT INTO studio_change(tbl, changed, old, new) VALUES ('{table}', {changed}, {old}, {new});
END"""  # noqa: S608 - names from the schema


def _differs(columns: Sequence[Column]) -> str:
    return "WHEN " + " OR ".join(f'OLD."{column.name}" IS NOT NEW."{column.name}"' for column in columns)


def _changed(columns: Sequence[Column]) -> str:
    return " || ".join(
        f"""iif(OLD."{column.name}" IS NOT NEW."{column.name}", '{column.name},', '')""" for column in columns
    )


def _row(which: str, columns: Sequence[Column]) -> str:
    pairs = [f"""'$."{column.name}"', {which}."{column.name}\"""" for column in columns if column.short]
    made = "'{}'"
    for start in range(0, len(pairs), _AT_ONCE):
        made = f"json_set({made}, {', '.join(pairs[start : start + _AT_ONCE])})"
    return made
