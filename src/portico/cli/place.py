"""Which stack a command speaks of: `--home` and `--config`, before the command's name or after it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from portico.config.load import Config
    from portico.ledger.ledger import Ledger

_HOME = "portico.home"
_FILE = "portico.file"
_logs: list[Path] = []


def _remember_home(ctx: typer.Context, value: Path | None) -> None:
    if value is not None:
        ctx.meta[_HOME] = value
        _logs[:] = [value / "logs"]


def _remember_file(ctx: typer.Context, value: Path | None) -> None:
    if value is not None:
        ctx.meta[_FILE] = value


def _option(flag: str, metavar: str, **more: Any) -> Any:
    return typer.Option(flag, metavar=metavar, expose_value=False, rich_help_panel="Which stack", **more)


def _home(**more: Any) -> Any:
    text = "The folder with all of the stack's state."
    default = ".portico beside portico.toml"
    return _option("--home", "DIR", help=text, show_default=default, callback=_remember_home, **more)


def _file(**more: Any) -> Any:
    text, default = "The settings.", "portico.toml here or above"
    return _option("--config", "FILE", help=text, show_default=default, callback=_remember_file, **more)


HomeOption = Annotated[Path | None, _home()]
FileOption = Annotated[Path | None, _file()]
HomeEverywhere = Annotated[Path | None, _home(envvar="PORTICO_HOME")]
FileEverywhere = Annotated[Path | None, _file(envvar="PORTICO_CONFIG")]


def options(home: HomeOption = None, config: FileOption = None) -> None:
    """The two options that every command takes; see `lazy`."""


def config(ctx: typer.Context) -> Config:
    """The settings and home that this command is about. Raises ConfigError.

    With `--home` alone, the file that the stack there was started with holds.
    """
    from portico.config import load  # noqa: PLC0415 - pydantic takes 0.1 s, which --help need not wait for

    home, file = ctx.meta.get(_HOME), ctx.meta.get(_FILE)
    found = load.load(file, home, cwd=Path.cwd())
    if found.file is None and (before := _started_with(found.home.ledger)):
        found = load.load(before, found.home.root, cwd=Path.cwd())
    _logs[:] = [found.home.logs]
    return found


def ledger(ctx: typer.Context) -> Ledger:
    """The ledger of a stack that was started before. Raises UnavailableError."""
    from portico.ledger.ledger import Ledger  # noqa: PLC0415 - as above

    return Ledger.existing(config(ctx).home.ledger)


def remember_file(opened: Ledger, file: Path | None) -> None:
    """Note which settings the stack was started with, for commands that are given `--home` only."""
    opened.see(_FILE, str(file.resolve()) if file else None)


def _started_with(path: Path) -> Path | None:
    if not path.exists():
        return None
    from portico.ledger.ledger import Ledger  # noqa: PLC0415 - as above

    opened = Ledger(path)
    known = opened.seen(_FILE)
    opened.close()
    return Path(known[0]) if known and known[0] and Path(known[0]).is_file() else None


def last_logs() -> Path | None:
    """The folder of logs of the stack that the running command is about, as far as it is known."""
    return _logs[0] if _logs else None
