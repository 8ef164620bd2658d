"""The settings as this console sees them: what holds, where from, and whether the promise is possible."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import Request

from portico.config import load, promise, words
from portico.config.models import Settings
from portico.console.desk import Desk
from portico.console.page import Page, Told
from portico.kit.errors import PorticoError

FILE, DEFAULT, HERE = "portico.toml", "default", "since then"
_SECRET = "hidden"  # noqa: S105 - stands for one


@dataclass(frozen=True, slots=True)
class Row:
    """`source` is FILE, DEFAULT, or HERE for one that was changed since the console was started: `now`."""

    key: str
    value: str
    source: str
    told: str
    usual: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    told: str
    rows: tuple[Row, ...]

    @property
    def given(self) -> int:
        return sum(row.source != DEFAULT for row in self.rows)


def look(desk: Desk, request: Request) -> Told:
    read, trouble = _read_again(desk)
    found = groups(desk.settings, _given(desk.file), read)
    only = request.query_params.get("only") == "set"
    return {
        "sections": [group for group in found if group.given or not only],
        "only": only,
        "changed": sum(row.source == HERE for group in found for row in group.rows),
        "trouble_now": trouble,
        "file": desk.file,
        "home": desk.home.root,
        "promise": promise.of(desk.settings),
        "watched": desk.settings.watch.enabled,
    }


def groups(settings: Settings, given: set[tuple[str, str]], read: Settings | None = None) -> list[Group]:
    """Every section with all of its keys. `read` is what the file says now. Pure."""
    return [
        Group(name, _told(schema), tuple(_rows(name, schema, settings, given, read)))
        for name, schema in words.sections()
    ]


def _rows(
    name: str, schema: words.Schema, settings: Settings, given: set[tuple[str, str]], read: Settings | None
) -> Iterator[Row]:
    section, usual = getattr(settings, name), getattr(Settings(), name)
    for key, field in schema["properties"].items():
        value = shown((name, key), getattr(section, key))
        now = shown((name, key), getattr(getattr(read, name), key)) if read else value
        source = HERE if now != value else FILE if (name, key) in given else DEFAULT
        told = _told(field)
        standard = shown((name, key), getattr(usual, key))
        yield Row(
            key, value, source, told, standard if standard != value else "", now if now != value else ""
        )


def _told(schema: words.Schema) -> str:
    return str(schema.get("description", "")).replace("`", "")


def shown(path: words.Path, value: Any) -> str:
    """A value as a person reads it; what is secret isn't shown, at whatever depth it stands. Pure."""
    if value is None:
        return "not set"
    if words.is_secret(path) or type(value).__name__.startswith("Secret"):
        return _SECRET
    if hasattr(value, "model_dump"):
        value = {key: getattr(value, key) for key in type(value).model_fields}
    if isinstance(value, Mapping):
        inner = [f"{key} = {shown((*path, key), one)}" for key, one in value.items() if one not in (None, [])]
        return ", ".join(inner) or "none"
    if isinstance(value, list | tuple):
        parts = [shown((*path, number), one) for number, one in enumerate(value)]
        return ("; " if any("=" in part for part in parts) else ", ").join(parts) or "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _given(file: Path | None) -> set[tuple[str, str]]:
    """The keys that the file sets; none when it can't be read any more."""
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8")) if file else {}
    except (OSError, ValueError):
        return set()
    return {(name, key) for name, keys in read.items() if isinstance(keys, dict) for key in keys}


def _read_again(desk: Desk) -> tuple[Settings | None, str]:
    """What the file says now, or why it can't be read."""
    if desk.file is None:
        return None, ""
    try:
        return load.load(desk.file, desk.home.root, cwd=desk.file.parent).settings, ""
    except PorticoError as error:
        return None, str(error)


PAGES = (Page("settings", "/settings", "Settings", "settings/page.html", look, menu="Settings"),)
