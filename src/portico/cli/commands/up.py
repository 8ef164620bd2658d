"""`portico up`: everything from nothing to a served site, then the live view."""

from __future__ import annotations

from typing import Annotated

import typer

from portico.cli import ending, live, main, place, publishing, screen, serving, words
from portico.cli.orders import Desk
from portico.config.load import Config
from portico.keeper import stack, start
from portico.kit.errors import PorticoError
from portico.ledger.ledger import Ledger

FIRST_ANSWER_S = 60.0


def up(
    ctx: typer.Context,
    *,
    detach: Annotated[
        bool,
        typer.Option("--detach", "-d", help="Return as soon as the site is served, and leave it running."),
    ] = False,
) -> None:
    """Start the stack, publish the site and watch it run.

    Without a portico.toml a small starter page is served. On a stack that runs already, `up` takes over
    changed settings, publishes what changed and shows it.

    Ctrl-C in the live view stops the stack that this `up` has started. One that ran before keeps running:
    Ctrl-C then only leaves the view, so that looking at a site can't take it down.

    For example:
      portico up
      portico up --detach
      portico --config staging.toml up
    """
    config = place.config(ctx)
    ours = not ending.running(config.home)
    address = start.start(config)
    desk = Desk(config.home, Ledger.existing(config.home.ledger))
    place.remember_file(desk.ledger, config.file)
    if not ours:
        screen.say(f"it runs already, at {address}")
    failed = _publish(config, desk, ours=ours)
    if detach and failed:
        raise failed
    _announce(config, address, failed=failed)
    if not detach:
        live.attach(desk, ours=ours)


def _publish(config: Config, desk: Desk, *, ours: bool) -> PorticoError | None:
    """Publish the source; a failure is given back while there is a snapshot to go on serving, else raised."""
    try:
        frozen = publishing.freeze_told(config)
        publishing.tell_frozen(frozen)
        done = publishing.publish(desk, frozen)
    except PorticoError as error:
        if publishing.wanted(desk):
            return error
        if ours:
            ending.stop(desk)
        raise
    if not done.changed:
        screen.say(f"  nothing changed, {words.short(frozen.id)} is live")
    return None


def _announce(config: Config, address: str, *, failed: PorticoError | None) -> None:
    if failed:
        main.show(failed)
    trusted = stack.load(config).trusted
    serving.wait(address, trusted, FIRST_ANSWER_S)
    screen.say()
    screen.say(f"  serving at {address}", style="bold")
    if trusted:
        screen.say("  your browser doesn't know its certificate yet: portico trust", style=screen.CALM)
    screen.say()
