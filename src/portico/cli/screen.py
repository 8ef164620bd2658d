"""How commands speak: lines and tables to people, JSON to scripts; colour only where a terminal wants it."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.padding import Padding
from rich.status import Status
from rich.table import Column, Table
from rich.text import Text

_WIDE = 160
"""What a pipe or a file takes, so that no table is cut there; COLUMNS overrides it."""

_SENTENCE = 16
"""A column of sentences that is narrower can't be read any more."""

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


def listed(rows: Table, blocks: Iterable[tuple[str | Text, ...]]) -> None:
    """The table where it fits, else a block for each of its rows: a head, and under it lines that wrap.

    So nothing is cut on a narrow terminal. Empty lines of a block are left out.
    """
    if _needed(rows) <= out().width:
        out().print(rows)
        return
    for head, *lines in blocks:
        out().print(head)
        for line in (line for line in lines if line):
            out().print(Padding(line, (0, 0, 0, 2)))


def _needed(rows: Table) -> int:
    return sum(_width(column) for column in rows.columns) + 2 * (len(rows.columns) - 1)


def _width(column: Column) -> int:
    """What a column must have: all of its words where it doesn't wrap."""
    if not column.no_wrap:
        return _SENTENCE
    console = out()
    cells = (column.header, *column.cells)
    return max(Measurement.get(console, console.options, cell).maximum for cell in cells)
