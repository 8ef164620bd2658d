"""`portico status`: the keeper's last look, and whether the processes are there."""

from __future__ import annotations

import typer

from portico.board import state
from portico.cli import flags, place, screen, view
from portico.kit.errors import UnavailableError


def status(ctx: typer.Context, *, as_json: flags.Json = False) -> None:
    """Show what runs, what is live and what is off.

    Says what the keeper saw last, held against the processes as they are now. The exit code is 5 when nothing
    runs.

    For example:
      portico status
      portico status --json | jq -r .address
    """
    config = place.config(ctx)
    ledger = place.ledger(ctx)
    found = state.gather(config.home, ledger)
    if as_json:
        screen.dump(found)
    if not state.runs(found):
        raise UnavailableError("nothing runs", where=str(config.home.root), hint="portico up")
    if not as_json:
        console = screen.out()
        console.print(view.render(view.Scene(found, ledger.events(last=8)), console.width, view.TALL))
