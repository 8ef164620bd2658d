"""`portico down`."""

from __future__ import annotations

import typer

from portico.cli import ending, place, screen, words
from portico.cli.orders import Desk


def down(ctx: typer.Context) -> None:
    """Stop the stack; nothing is deleted.

    The edge closes its door first and finishes what it answers. Snapshots, keys and the ledger stay:
    `portico up` serves the same snapshot again.

    For example:
      portico down
      portico --home /srv/site down
    """
    config = place.config(ctx)
    ended = ending.stop(Desk(config.home, place.ledger(ctx)))
    screen.say(f"stopped {words.count(ended, 'process', 'processes')}" if ended else "nothing was running")
