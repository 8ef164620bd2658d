"""How commands speak: lines and tables to people, JSON to scripts; colour only where a terminal wants it."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.status import Status
from rich.table import Table

_WIDE = 160
"""What a pipe or a file takes, so that no table is cut there; COLUMNS overrides it."""

GOOD, FAIR, BAD, CALM = "green", "yellow", "red", "dim"


@functools.cache
def out() -> Console:
    return _console(stderr=False)


@functools.cache
def err() -> Console:
    """For what is not the answer itself: progress, remarks."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    wide = None if stream.isatty() or os.environ.get("COLUMNS") else _WIDE
    return Console(stderr=stderr, width=wide, highlight=False, emoji=False)


def say(text: str = "", style: str = "") -> None:
    """One line on stdout, as it is: brackets in it are no markup."""
    out().print(text, style=style or None, markup=False, soft_wrap=True)


def remark(text: str, style: str = "") -> None:
    """One line on stderr, which a script that reads stdout doesn't see."""
    err().print(text, style=style or None, markup=False, soft_wrap=True)


@contextmanager
def busy(text: str, *, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Show that something goes on, on a terminal only; yields what replaces the text."""
    if quiet or not err().is_terminal:
        yield lambda _text: None
        return
    with Status(escape(text), console=err()) as shown:
        yield lambda said: shown.update(escape(said))


def dump(value: Any) -> None:
    """JSON on stdout."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def table(*columns: str, right: tuple[str, ...] = ()) -> Table:
    """An unframed table with dim headings; the columns named in `right` hold numbers."""
    made = Table(box=None, padding=(0, 2, 0, 0), header_style=CALM, show_edge=False)
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left", no_wrap=True)
    return made
