"""The studio as people on a terminal meet it: where it is, how the first one gets in, how far it is."""

from __future__ import annotations

import time

from portico.cli import publishing, screen
from portico.cli.orders import Desk
from portico.config.load import Config
from portico.keeper import stack
from portico.keeper.helpers import studio as helper
from portico.kit import process
from portico.kit.errors import PorticoError, UnavailableError
from portico.model import STUDIO
from portico.release import studio, told

FIRST_S = 600.0
STARTED_S = 20.0
POLL_S = 0.1


def address(config: Config) -> str:
    asked = config.settings.studio
    return helper.address(asked, helper.port_of(config.home, asked))


def invitation(config: Config, patience_s: float = 0.0) -> str | None:
    """The link by which a fresh studio's administrator begins; None once there is one, or while it starts."""
    deadline = time.monotonic() + patience_s
    while True:
        try:
            return studio.invite(config.home.studio_socket)
        except UnavailableError:
            if time.monotonic() >= deadline:
                return None
            time.sleep(POLL_S)


def tell(config: Config) -> None:
    """After the site's address: where people write. The site is served already, so this may take a moment."""
    if not config.settings.runs_studio:
        return
    with screen.busy("waiting for the studio"):
        link = invitation(config, STARTED_S)
    screen.say(f"  write in it at {address(config)}studio/", style="bold")
    if link:
        screen.say(f"  sign in for the first time, within a day: {link}")
    elif not running(config):
        screen.say("  the studio is starting still: portico studio status", style=screen.CALM)


def running(config: Config) -> bool:
    known = process.recall(config.home.record(STUDIO))
    return bool(known and known.alive)


def wait_for_first(config: Config, desk: Desk) -> None:
    """A studio that begins from nothing makes its pages first; the freezer then publishes them."""
    deadline = time.monotonic() + FIRST_S
    with screen.busy("the studio makes its first pages, which takes a minute"):
        while not publishing.wanted(desk):
            seen = told.Board(config.home.published).now
            if seen and seen.state == told.FAILED:
                raise PorticoError(seen.why, where="the studio", hint=seen.hint)
            if time.monotonic() > deadline:
                hint = "portico logs studio freezer"
                raise UnavailableError("it has published nothing yet", where="the studio", hint=hint)
            time.sleep(POLL_S)


def stack_of(config: Config) -> stack.Stack:
    """The stack with a studio. Raises UnavailableError where its site comes from elsewhere."""
    if config.settings.source.kind != "studio":
        raise UnavailableError(
            "there is no studio here, the site comes from a folder", where="source/folder in portico.toml"
        )
    return stack.load(config)
