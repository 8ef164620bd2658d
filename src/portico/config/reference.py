"""The configuration's manual and commented example, made from the models; `dev/docs.py` writes them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from portico.config import words
from portico.config.models import Settings

_OPENING = """\
# Configuration

Portico reads `portico.toml` in the working directory or above it; without one it starts the studio, with a
whole site in it. Every setting has a default. `portico config check` holds the file against this page,
`portico config show` prints what holds. [portico.toml](portico.toml) is the same as a file to start from.

This page is made from the models in `src/portico/config/models.py` by `dev/docs.py`.
"""
_EXAMPLE = "# Every setting of Portico with its default, to copy from. All of it may be left out.\n"


def manual() -> str:
    """docs/reference/configuration.md: a table of key, what it may be, default and meaning per section."""
    return "\n".join(
        [_OPENING, *(line for name, schema in words.sections() for line in _section(name, schema))]
    )


def example() -> str:
    """docs/reference/portico.toml: every key as a comment which, taken off, is valid."""
    return "\n".join(
        [_EXAMPLE, *(line for name, schema in words.sections() for line in _table(name, schema))]
    )


def _section(name: str, schema: words.Schema) -> Iterator[str]:
    yield f"## [{name}]\n\n{schema['description']}\n"
    yield from _rows(schema, lambda key: _default(name, key))
    for key, field in _tables(schema):
        inner = words.inner(field)
        yield f"### [[{name}.{key}]]\n\n{inner['description']}\n"
        yield from _rows(inner, lambda key, inner=inner: inner["properties"][key].get("default"))  # type: ignore[misc]


def _rows(schema: words.Schema, default_of: Callable[[str], object]) -> Iterator[str]:
    yield "| key | what it may be | default | |"
    yield "|---|---|---|---|"
    for key, field in schema["properties"].items():
        default = f"`{words.written(default_of(key))}`" if default_of(key) is not None else "none"
        yield f"| `{key}` | {words.in_words(field)} | {default} | {field['description']} |"
    yield ""


def _table(name: str, schema: words.Schema) -> Iterator[str]:
    """Arrays of tables come last: in TOML, what follows them is theirs."""
    yield f"# {schema['description']}\n[{name}]\n"
    for key, field in schema["properties"].items():
        if words.is_table(field):
            continue
        default = _default(name, key)
        is_empty = default is None or (default == [] and "examples" in field)
        value = field["examples"][0] if is_empty else default
        yield from _told(field)
        yield f"# {key} = {words.written(value)}\n"
    for key, field in _tables(schema):
        yield from _example_tables(f"{name}.{key}", field)


def _example_tables(name: str, field: words.Schema) -> Iterator[str]:
    """The examples of an array of tables; each key is told where it first stands."""
    inner, told = words.inner(field), set[str]()
    yield from _told(field)
    for example in inner["examples"]:
        yield f"# [[{name}]]\n"
        for key in (key for key in inner["properties"] if key in example):
            yield from _told(inner["properties"][key]) if key not in told else ()
            yield f"# {key} = {json.dumps(example[key])}\n"
            told.add(key)


def _told(field: words.Schema) -> Iterator[str]:
    yield f"# {field['description'].replace('`', '')}\n# Expected {words.in_words(field)}."


def _tables(schema: words.Schema) -> Iterator[tuple[str, words.Schema]]:
    return ((key, field) for key, field in schema["properties"].items() if words.is_table(field))


def _default(section: str, key: str) -> object:
    return getattr(getattr(Settings(), section), key)
