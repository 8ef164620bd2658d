"""The configuration's manual and commented example, made from the models; `dev/docs.py` writes them."""

from __future__ import annotations

from collections.abc import Iterator

from portico.config import words
from portico.config.models import Settings

_OPENING = """\
# Configuration

Portico reads `portico.toml` in the working directory or above it; without one it serves a starter page.
Every setting has a default. `portico config check` holds the file against this page, `portico config show`
prints what holds. [portico.toml](portico.toml) is the same as a file to start from.

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
    yield "| key | what it may be | default | |"
    yield "|---|---|---|---|"
    for key, field in schema["properties"].items():
        default = f"`{words.shown(_default(name, key))}`" if _default(name, key) is not None else "none"
        yield f"| `{key}` | {words.in_words(field)} | {default} | {field['description']} |"
    yield ""


def _table(name: str, schema: words.Schema) -> Iterator[str]:
    yield f"# {schema['description']}\n[{name}]\n"
    for key, field in schema["properties"].items():
        default = _default(name, key)
        value = field["examples"][0] if default is None else default
        yield f"# {field['description'].replace('`', '')}\n# Expected {words.in_words(field)}."
        yield f"# {key} = {words.shown(value)}\n"


def _default(section: str, key: str) -> object:
    return getattr(getattr(Settings(), section), key)
