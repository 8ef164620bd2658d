"""What each setting may be, in a person's words, from the models: errors and reference say the same."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, cast

from portico.config.models import Settings

Path = tuple[str | int, ...]
Schema = Mapping[str, Any]

_LONGEST = 60


def expected(path: Path) -> str:
    """What belongs at `path`, such as `a whole number of at least 1`."""
    found = at(path)
    return in_words(found) if found else "nothing"


def in_words(schema: Schema) -> str:
    match _plain(schema):
        case {"expected": said}:
            return str(said)
        case {"enum": [*choices]}:
            return " or ".join(shown(choice) for choice in choices)
        case {"const": choice}:
            return shown(choice)
        case {"type": "array", **limits} if is_table(schema):
            return f"a list of {_range(limits, 'minItems', 'maxItems') or 'any number of'} tables"
        case {"type": "array", **limits}:
            return _list(limits)
        case {"type": "integer", **limits}:
            return f"a whole number {_of(_range(limits, 'minimum', 'maximum'))}".strip()
        case {"type": "number", **limits}:
            span = _of(_range(limits, "minimum", "maximum")) or _between(limits)
            return f"a number {span}".strip()
        case {"type": "boolean"}:
            return "true or false"
        case {"format": "path"}:
            return "a path"
        case {"pattern": _, "description": said}:
            return str(said)
        case {"type": "string"}:
            return "a text"
    return "a table"


def written(value: object) -> str:
    """A value as it stands in TOML."""
    return "a table" if isinstance(value, dict) else json.dumps(value, ensure_ascii=False, default=str)


def shown(value: object) -> str:
    """The same, cut where it is long."""
    text = written(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def nearest(path: Path) -> str | None:
    """The known key that was probably meant by the unknown one at `path`."""
    given, parent = str(path[-1]), at(path[:-1])
    siblings: list[str] = list(parent.get("properties", ())) if parent else []
    close = difflib.get_close_matches(given, siblings, n=1)
    if close:
        return close[0]
    return next((known for known in keys() if known.rpartition("/")[2] == given), None)


def keys() -> Iterator[str]:
    """Every `section/key` there is."""
    for section, schema in sections():
        yield from (f"{section}/{key}" for key in schema["properties"])


def is_table(schema: Schema) -> bool:
    """Whether it is an array of tables, which TOML writes as `[[section.key]]` each."""
    return "properties" in _plain(_plain(schema).get("items"))


def inner(schema: Schema) -> Schema:
    """The schema of each table in an array of tables."""
    return _plain(_plain(schema)["items"])


def is_secret(path: Path) -> bool:
    """Whether what stands at `path` must not be shown."""
    return (at(path) or {}).get("format") == "password"


def sections() -> Iterator[tuple[str, Schema]]:
    """The sections in the order of the models, each with its schema."""
    for name in schema_of_all()["properties"]:
        found = at((name,))
        if found:
            yield name, found


def at(path: Sequence[str | int]) -> Schema | None:
    """The schema of what belongs at `path`, or None where nothing does."""
    found: Schema | None = schema_of_all()
    for part in path:
        if found is None:
            return None
        found = _plain(found["items"] if isinstance(part, int) else found.get("properties", {}).get(part))
    return found


@cache
def schema_of_all() -> Schema:
    return Settings.model_json_schema()


def _plain(schema: Schema | None) -> Schema:
    """With its reference followed, and without the `or null` of what may be left out."""
    if schema is None:
        return {}
    if "$ref" in schema:
        return cast("Schema", schema_of_all()["$defs"][schema["$ref"].rpartition("/")[2]])
    options = schema.get("anyOf", ())
    return next((option for option in options if option.get("type") != "null"), schema)


def _range(limits: Schema, low: str, high: str) -> str:
    match limits.get(low), limits.get(high):
        case None, None:
            return ""
        case least, None:
            return f"at least {least}"
        case None, most:
            return f"at most {most}"
        case least, most:
            return f"{least} to {most}"


def _between(limits: Schema) -> str:
    """The same where the ends themselves are not allowed."""
    match limits.get("exclusiveMinimum"), limits.get("exclusiveMaximum"):
        case None, None:
            return ""
        case least, None:
            return f"above {least}"
        case None, most:
            return f"below {most}"
        case least, most:
            return f"above {least} and below {most}"


def _of(span: str) -> str:
    return f"of {span}" if span.startswith("at ") else f"from {span}" if span else ""


def _list(limits: Schema) -> str:
    span, item = _range(limits, "minItems", "maxItems"), limits["items"].get("title", "text")
    return f"a list of {span or 'any number of'} {item}{'' if span.endswith(' 1') else 's'}"
