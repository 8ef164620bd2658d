"""`portico top`: the console's first page on a terminal."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.live import Live

from portico.board import board, document
from portico.board.seen import Looker
from portico.cli import flags, place, screen, topview
from portico.config.home import Home
from portico.config.models import Settings
from portico.ledger.ledger import Ledger
from portico.watch.series.read import Reader

EVERY_S = 1.0


@dataclass(frozen=True, slots=True)
class _Stack:
    home: Home
    settings: Settings
    ledger: Ledger
    series: Reader


def top(
    ctx: typer.Context,
    *,
    once: Annotated[bool, typer.Option("--once", help="Print it once and end.")] = False,
    as_json: flags.Json = False,
) -> None:
    r"""Show whether the homepage is well, and how well it was.

    The console's first page: the three columns, each cell with its number, where that is shown whole and its
    age; the stack, error budgets, open incidents, publishes. It needs neither keeper nor console.

    For example:
      portico top
      portico top --once
      portico top --json | jq -r '.columns[] | "\(.promise): \(.value)"'
    """
    asked = place.config(ctx)
    ledger = place.ledger(ctx)
    looker = Looker(_Stack(asked.home, asked.settings, ledger, Reader(asked.home.series)))
    console = screen.out()
    if as_json:
        screen.dump(document.of(board.of(looker.look())))
    elif once or not console.is_terminal:
        console.print(topview.render(board.of(looker.look()), console.width))
    else:
        _follow(looker)


def _follow(looker: Looker) -> None:
    console = screen.out()
    try:
        with Live(console=console, screen=True, auto_refresh=False, vertical_overflow="crop") as shown:
            while True:
                shown.update(topview.render(board.of(looker.look()), console.width), refresh=True)
                time.sleep(EVERY_S)
    except KeyboardInterrupt:
        return
