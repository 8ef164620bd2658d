"""Commands whose modules are imported when they are run, so that `portico --help` answers at once."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from portico.cli import place


@dataclass(frozen=True, slots=True)
class Lazy:
    """`where` is `module:attribute`, a function or a Typer app; `help` is the first line of its docstring."""

    name: str
    where: str
    help: str
    panel: str

    def listed(self) -> TyperCommand:
        """What the list of commands shows, without importing anything."""
        return TyperCommand(self.name, help=self.help, rich_help_panel=self.panel)

    def load(self) -> Any:
        module, _, attribute = self.where.partition(":")
        found = getattr(importlib.import_module(module), attribute)
        command = _named(found, self.name) if not isinstance(found, typer.Typer) else get_command(found)
        command.name = self.name
        _add_place(command)
        return command


def _named(function: Any, name: str) -> Any:
    app = typer.Typer(add_completion=False)
    app.command(name)(function)
    return get_command(app)


def _add_place(command: Any) -> None:
    command.params.extend(_named(place.options, "options").params)
    for inner in getattr(command, "commands", {}).values():
        _add_place(inner)


class LazyGroup(TyperGroup):
    """A group that lists its commands from a table and loads the one that is run."""

    table: tuple[Lazy, ...] = ()

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - click's signature
        return [lazy.name for lazy in self.table]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - click's signature
        return next((lazy.listed() for lazy in self.table if lazy.name == cmd_name), None)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        self.commands = {lazy.name: lazy.listed() for lazy in self.table}
        name, command, rest = super().resolve_command(ctx, args)
        if command is None:
            return name, command, rest
        return name, next(lazy.load() for lazy in self.table if lazy.name == name), rest
