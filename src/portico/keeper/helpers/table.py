"""The processes beside those that serve, in one table. To add one: its row here, its name in the model."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from portico.config.home import Home
from portico.config.models import Settings
from portico.keeper import guard, listen
from portico.keeper.helpers import studio
from portico.keeper.stack import Stack
from portico.kit import ports, process
from portico.model import CONSOLE, FREEZER, RELAY, STUDIO, WATCHER
from portico.snapshot import studio as frozen


@dataclass(frozen=True, slots=True)
class Launch:
    """How a process is started. `user` None is the keeper's own; `note` says why it is."""

    command: list[str]
    env: Mapping[str, str]
    user: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Helper:
    """One that touches its record shows life by that; one with a `socket` is asked there instead.

    `starting_s` is how long it may take to its first sign of life, `silent_s` how long between two.
    `words` stand in its command line, and in nobody else's.
    One that `hurries` is started before anything is live: nothing would ever be without it.
    """

    wanted: Callable[[Settings, Home], bool]
    words: tuple[str, ...]
    launch: Callable[[Stack], Launch]
    starting_s: float = 30.0
    silent_s: float = 10.0
    socket: Callable[[Home], Path] | None = None
    hurries: Callable[[Home], bool] = lambda _home: False


def _own(
    module: str,
    wanted: Callable[[Settings, Home], bool],
    hurries: Callable[[Home], bool] = lambda _home: False,
) -> Helper:
    """One of Portico's own programs."""
    return Helper(wanted, (module,), lambda stack: _of(module, stack), hurries=hurries)


def _of(module: str, stack: Stack) -> Launch:
    return Launch(guard.command(module, stack.home, stack.config), listen.environment(None, os.environ))


def _studio(stack: Stack) -> Launch:
    user, note = studio.user(stack.home, stack.settings.studio)
    studio.hand_over(stack.home, user)
    # the children of one that was killed may hold its port for a moment: editors must find it where it was
    process.end_strays(stack.home.root, studio.command("serve")[1:])
    port = studio.free_port(stack.home, stack.settings.studio)
    return Launch(studio.command("serve"), studio.environment(stack, port), user, note)


def _console(stack: Stack) -> Launch:
    """Its port is chosen here, so that people can be told where it is before it is there."""
    asked, home = stack.settings.console, stack.home
    ports.bind_kept(asked.listen, asked.port, home.console_port, backlog=1, where="console/listen").close()
    return _of("portico.console", stack)


def _has_nothing(home: Home) -> bool:
    return not frozen.exists(home)


def _relays(settings: Settings, home: Home) -> bool:
    """Whoever subscribed can leave, also when mail was switched off since."""
    mails = settings.status_page.enabled and settings.status_page.mail is not None
    needed = settings.runs_studio or mails or home.subscribers.exists()
    return needed and importlib.util.find_spec("portico.relay") is not None


TABLE: Mapping[str, Helper] = {
    WATCHER: _own("portico.respond", lambda settings, _home: settings.watch.enabled),
    STUDIO: Helper(
        lambda settings, _home: settings.runs_studio,
        ("portico.studio", "serve"),
        _studio,
        starting_s=180.0,
        silent_s=20.0,
        socket=lambda home: home.studio_socket,
        hurries=_has_nothing,
    ),
    FREEZER: _own("portico.release", lambda settings, _home: settings.runs_studio, _has_nothing),
    RELAY: _own("portico.relay", _relays),
    CONSOLE: Helper(lambda settings, _home: settings.console.enabled, ("portico.console",), _console),
}
