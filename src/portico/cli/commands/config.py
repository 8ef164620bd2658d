"""`portico config check` and `portico config show`."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import typer

from portico.cli import checking, flags, place, screen
from portico.config.load import Config

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def settings() -> None:
    """Check or show the settings.

    For example:
      portico config check
      portico config show --json | jq .settings.edge
    """


@app.command()
def check(ctx: typer.Context) -> None:
    """Check the settings and what they name: the folder, the certificate, HAProxy.

    The exit code is 3 when something is wrong; nothing is started or changed.

    For example:
      portico config check
      portico config check --config staging.toml
    """
    config = place.config(ctx)
    for done in checking.everything(config):
        screen.say(f"ok  {done}")


@app.command()
def show(
    ctx: typer.Context,
    *,
    as_json: flags.Json = False,
) -> None:
    """Show the settings that hold, and which of them are set in the file.

    For example:
      portico config show
      portico config show --json
    """
    config = place.config(ctx)
    given = _given(config.file)
    values = config.settings.model_dump(mode="json")
    if as_json:
        named = {"file": str(config.file) if config.file else None, "home": str(config.home.root)}
        screen.dump(
            {**named, "settings": values, "set": sorted(f"{section}/{key}" for section, key in given)}
        )
        return
    screen.say(_toml(config, values, given))


def _given(file: Path | None) -> set[tuple[str, str]]:
    if file is None:
        return set()
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    return {(section, key) for section, values in read.items() for key in values}


def _toml(config: Config, values: dict[str, dict[str, Any]], given: set[tuple[str, str]]) -> str:
    lines = [f"# from {config.file or 'the built-in defaults: there is no portico.toml here or above'}"]
    lines.append(f"# home {config.home.root}")
    for section, keys in values.items():
        tables = {key: value for key, value in keys.items() if value and _is_tables(value)}
        lines += ["", f"[{section}]"]
        lines += [
            _line(key, value, default=(section, key) not in given)
            for key, value in keys.items()
            if key not in tables
        ]
        lines += [line for key, value in tables.items() for line in _tables(f"{section}.{key}", value)]
    return "\n".join(lines)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _tables(name: str, tables: list[dict[str, Any]]) -> list[str]:
    lines: list[str] = []
    for table in tables:
        lines += ["", f"[[{name}]]"]
        lines += [_line(key, value, default=False) for key, value in table.items()]
    return lines


def _line(key: str, value: Any, *, default: bool) -> str:
    if value is None:
        return f"# {key} is not set"
    return f"{key} = {json.dumps(value, ensure_ascii=False)}" + ("  # the default" if default else "")
