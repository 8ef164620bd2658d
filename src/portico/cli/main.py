"""The program, and its one error boundary: a person reads a line and a hint, never a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from portico.cli import app, crash, told
from portico.kit.errors import PorticoError

INTERRUPTED = 130


def main(args: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    words = list(sys.argv[1:] if args is None else args)
    try:
        answer = app.command().main(args=words, prog_name="portico", standalone_mode=False)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the boundary: everything ends as a line and an exit code
        return _tell(error, words)
    return answer if isinstance(answer, int) else 0


def _tell(error: Exception, args: list[str]) -> int:
    known = told.known(error)
    if known is None:
        known = crash.record(error, args)
    show(known)
    return int(known.code)


def show(error: PorticoError) -> None:
    """`error: where: what`, then `hint: ...`, on stderr."""
    where = f"{error.where}: " if error.where else ""
    _line("error", typer.colors.RED, f"{where}{error.what}")
    if error.hint:
        _line("hint", typer.colors.CYAN, error.hint)


def _line(label: str, colour: str, text: str) -> None:
    plain = False if os.environ.get("NO_COLOR") else None
    typer.echo(f"{typer.style(f'{label}:', fg=colour, bold=True)} {text}", err=True, color=plain)
