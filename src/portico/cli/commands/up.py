"""`portico up`: everything from nothing to a served site, then the live view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from portico.cli import editing, ending, main, operating, place, publishing, screen, serving, words
from portico.cli import live as view
from portico.cli.orders import Desk
from portico.config.load import Config
from portico.keeper import stack, start
from portico.kit.errors import PorticoError
from portico.ledger.ledger import Ledger
from portico.snapshot import studio

FIRST_ANSWER_S = 60.0
FIRST_START_S = 15.0


def up(
    ctx: typer.Context,
    *,
    detach: Annotated[
        bool,
        typer.Option("--detach", "-d", help="Return as soon as the site is served, and leave it running."),
    ] = False,
) -> None:
    """Start the stack, publish the site and watch it run.

    Without a portico.toml the studio is started too, with a whole company's homepage in it. On a stack that
    runs already, `up` takes over changed settings, publishes what changed and shows it.

    Ctrl-C in the live view stops the stack that this `up` has started. One that ran before keeps running:
    Ctrl-C then only leaves the view, so that looking at a site can't take it down.

    For example:
      portico up
      portico up --detach
      portico --config staging.toml up
    """
    config = place.config(ctx)
    ours = not ending.running(config.home)
    with screen.busy("starting the stack"):
        address = start.start(config)
    desk = Desk(config.home, Ledger.existing(config.home.ledger))
    place.remember_file(desk.ledger, config.file)
    if not ours:
        screen.say(f"it runs already, at {address}")
    if detach:
        _bring_up(config, desk, address, ours=ours)
        return
    with view.until_interrupted(desk, ours=ours):
        try:
            _bring_up(config, desk, address, ours=ours)
        except PorticoError as error:
            if not ending.running(config.home):
                raise
            main.show(error)
        view.show(desk, ours=ours)


def _bring_up(config: Config, desk: Desk, address: str, *, ours: bool) -> None:
    """Publish the source and wait for the first answer.

    A failed publish is raised after what was live before is served again; with nothing to serve, a stack that
    is `ours` is taken down.
    """
    try:
        _publish(config, desk, ours=ours)
    except PorticoError:
        if publishing.wanted(desk):
            _announce(config, address)
        elif ours:
            ending.stop(desk)
        raise
    _announce(config, address)


def _publish(config: Config, desk: Desk, *, ours: bool) -> None:
    if config.settings.runs_studio and not studio.exists(config.home):
        editing.wait_for_first(config, desk)
        return
    frozen = publishing.freeze_told(config)
    publishing.tell_frozen(frozen)
    if publishing.rolled_back(desk, frozen):
        live = words.short(publishing.wanted(desk))
        screen.say(f"  rolled back to {live} before, and unchanged since: portico publish makes it live")
        return
    if ours:
        with screen.busy("waiting for the clusters"):
            serving.wait_for_clusters(lambda: _seen(desk), FIRST_START_S)
    if not publishing.publish(desk, frozen).changed:
        screen.say(f"  nothing changed, {words.short(frozen.id)} is live")


def _seen(desk: Desk) -> Mapping[str, Any]:
    seen = desk.ledger.seen("status")
    return seen[0] if seen else {}


def _announce(config: Config, address: str) -> None:
    found = stack.load(config)
    trusted = found.trusted
    with screen.busy("waiting for the first answer"):
        serving.wait(address, trusted, FIRST_ANSWER_S)
    screen.say()
    screen.say(f"  serving at {address}", style="bold")
    if trusted:
        screen.say("  your browser doesn't know its certificate yet: portico trust", style=screen.CALM)
    if found.status_address:
        screen.say(f"  its public status page is at {found.status_address}")
    editing.tell(config)
    operating.tell(config)
    screen.say()
