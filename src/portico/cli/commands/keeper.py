"""`portico keeper`: the control loop by hand."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from portico.cli import orders, place
from portico.kit.errors import PorticoError


def keeper(
    ctx: typer.Context,
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Look, heal, carry out the open orders, and end.")
    ] = False,
) -> None:
    """Run the control loop by hand.

    `portico up` starts a keeper and a guard that keeps it running, so this is for when both are gone:
    `--once` does what there is to do now and ends. Without it the loop runs here until it is interrupted.

    For example:
      portico keeper --once
    """
    config = place.config(ctx)
    place.ledger(ctx).close()
    if orders.keeper_runs(config.home):
        raise PorticoError(
            "a keeper runs already", where=str(config.home.root), hint="it does what is due by itself"
        )
    command = [sys.executable, "-m", "portico.keeper", str(config.home.root)]
    command += [str(config.file)] if config.file else []
    command += ["--once"] if once else []
    os.execv(command[0], command)  # noqa: S606 - the keeper takes this process's place, no shell is wanted
