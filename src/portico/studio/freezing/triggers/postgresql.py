"""Triggers for PostgreSQL. The number rises at the commit, so that nobody waits for it while holding rows."""

from __future__ import annotations

from collections.abc import Sequence

from portico.studio.freezing.visible import Column

BEGINNING = "portico_"

FOUND = (
    "SELECT DISTINCT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE NOT tgisinternal AND tgenabled = 'O' AND tgname LIKE 'portico\\_%'"
    " AND relnamespace = current_schema()::regnamespace ORDER BY tgname"
)
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"

_NOTE = """CREATE OR REPLACE FUNCTION portico_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  seen text[] := string_to_array(TG_ARGV[0], ',');
  short text[] := string_to_array(TG_ARGV[1], ',');
  was jsonb;
  is_now jsonb;
  changed text := '';
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    INSERT INTO studio_change(tbl, changed) VALUES (TG_TABLE_NAME, '*');
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' THEN was := to_jsonb(OLD); END IF;
  IF TG_OP <> 'DELETE' THEN is_now := to_jsonb(NEW); END IF;
  IF TG_OP = 'UPDATE' THEN
    SELECT string_agg(name || ',', '') INTO changed FROM unnest(seen) AS name
      WHERE was -> name IS DISTINCT FROM is_now -> name;
    IF changed IS NULL THEN RETURN NULL; END IF;
  END IF;
  INSERT INTO studio_change(tbl, changed, old, new) VALUES (TG_TABLE_NAME, changed,
    (SELECT jsonb_object_agg(name, was -> name)::text FROM unnest(short) name WHERE was IS NOT NULL),
    (SELECT jsonb_object_agg(name, is_now -> name)::text FROM unnest(short) name WHERE is_now IS NOT NULL));
  RETURN NULL;
END $$"""

_RAISE = """CREATE OR REPLACE FUNCTION portico_raise() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  own text := pg_current_xact_id()::text;
BEGIN
  IF current_setting('portico.raised', true) IS DISTINCT FROM own THEN
    PERFORM set_config('portico.raised', own, true);
    UPDATE studio_revision SET number = number + 1, at = extract(epoch FROM clock_timestamp()) WHERE id = 1;
  END IF;
  RETURN NULL;
END $$"""

_AT_COMMIT = f"""CREATE CONSTRAINT TRIGGER {BEGINNING}raise AFTER INSERT ON studio_change
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION portico_raise()"""


def described(table: str) -> str:
    """A query for the table's (column, type)."""
    return (
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"  # noqa: S608 - a name from the schema
        f""" WHERE attrelid = '"{table}"'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"""
    )


def dropping(name: str) -> str:
    table = "studio_change" if name == f"{BEGINNING}raise" else name.removeprefix(BEGINNING).partition("_")[2]
    return f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"'


def shared() -> dict[str, str]:
    return {"": f"{_NOTE};\n{_RAISE}", f"{BEGINNING}raise": _AT_COMMIT}


def of(table: str, columns: Sequence[Column]) -> dict[str, str]:
    """By name, what makes the triggers of a table."""
    seen = ",".join(column.name for column in columns)
    short = ",".join(column.name for column in columns if column.short)
    note = f"EXECUTE FUNCTION portico_note('{seen}', '{short}')"
    return {
        f"{BEGINNING}rows_{table}": (
            f'CREATE TRIGGER "{BEGINNING}rows_{table}" AFTER INSERT OR UPDATE OR DELETE'
            f' ON "{table}" FOR EACH ROW {note}'
        ),
        f"{BEGINNING}empty_{table}": (
            f'CREATE TRIGGER "{BEGINNING}empty_{table}" AFTER TRUNCATE ON "{table}" FOR EACH STATEMENT {note}'
        ),
    }
