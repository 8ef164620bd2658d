"""`portico logs`: what the processes printed, each line with the part that it is from."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from portico.cli import names, place, screen
from portico.cli.told import UsageError
from portico.config.home import Home
from portico.kit.errors import UnavailableError

POLL_S = 0.1
_READ = 1 << 18
_COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "bright_cyan", "bright_magenta", "bright_green")


@dataclass(slots=True)
class Tail:
    """One log: how far it was read, and a last line that isn't whole yet."""

    part: str
    path: Path
    offset: int = 0
    inode: int = 0
    rest: bytes = b""

    def last(self, lines: int) -> list[str]:
        """The last so many lines; reading goes on after them."""
        self.read_from(max(0, self._size() - _READ))
        return self.more()[-lines:] if lines else self.more()[:0]

    def more(self) -> list[str]:
        """The lines that were added since, also when the file was replaced or cut meanwhile."""
        if not self.path.exists():
            return []
        if self._size() < self.offset or self.path.stat().st_ino != self.inode:
            self.read_from(0)
        with self.path.open("rb") as file:
            file.seek(self.offset)
            data = self.rest + file.read()
            self.offset = file.tell()
        whole, _, self.rest = data.rpartition(b"\n")
        return whole.decode(errors="replace").splitlines()

    def read_from(self, offset: int) -> None:
        self.offset, self.rest = offset, b""
        self.inode = self.path.stat().st_ino if self.path.exists() else 0

    def _size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0


def logs(
    ctx: typer.Context,
    parts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PART]...",
            help="edge, keeper, guard, watcher, studio, mirror or a replica such as a1; none shows all.",
            autocompletion=names.complete_log,
        ),
    ] = None,
    *,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with what is printed from now on.")
    ] = False,
    lines: Annotated[
        int, typer.Option("--lines", "-n", min=0, help="The last so many lines of each part.")
    ] = 20,
) -> None:
    """Show what the processes printed.

    For example:
      portico logs
      portico logs edge --lines 100
      portico logs a1 a2 --follow
    """
    home = place.config(ctx).home
    tails = _tails(home, parts or [])
    width = max(len(tail.part) for tail in tails)
    for number, tail in enumerate(tails):
        _print(tail.part, tail.last(lines), width, number)
    known = {tail.part for tail in tails}
    while follow:
        time.sleep(POLL_S)
        if not parts:
            tails += [tail for tail in _tails(home, []) if tail.part not in known]
            known = {tail.part for tail in tails}
        for number, tail in enumerate(tails):
            _print(tail.part, tail.more(), max(width, len(tail.part)), number)


def _tails(home: Home, parts: Sequence[str]) -> list[Tail]:
    found = {path.stem: path for path in sorted(home.logs.glob("*.log"))}
    if not found:
        raise UnavailableError("nothing was ever started here", where=str(home.root), hint="portico up")
    for part in parts:
        if part not in found:
            raise UsageError(f"there is no log of {part!r}", hint=f"one of {', '.join(found)}")
    return [Tail(part, found[part]) for part in (parts or found)]


def _print(part: str, lines: Sequence[str], width: int, number: int) -> None:
    for line in lines:
        text = Text(f"{part:<{width}} | ", style=_COLOURS[number % len(_COLOURS)])
        text.append_text(Text.from_ansi(line, style="default"))
        screen.out().print(text, soft_wrap=True)
