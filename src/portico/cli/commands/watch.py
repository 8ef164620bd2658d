"""`portico watch`: publishes whenever the folder changes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import typer
import watchfiles

from portico.cli import main, place, publishing, screen, told, words
from portico.cli.orders import Desk
from portico.config.load import Config
from portico.kit.errors import ConfigError

DEBOUNCE_MS = 50
STEP_MS = 25
WAIT_MS = 100


def watch(ctx: typer.Context) -> None:
    """Publish whenever the folder changes.

    A burst of changes is one publish. An error is told and the site stays as it is; the next change is tried
    anew. Ctrl-C ends the watching, not the stack. A studio publishes by itself and needs no watching.

    For example:
      portico watch
    """
    config = place.config(ctx)
    if config.settings.source.kind == "studio":
        screen.say("what editors publish in the studio goes live by itself; there is nothing to watch")
        return
    desk = Desk(config.home, place.ledger(ctx))
    folder = _folder(config)
    watching = False
    for changes in _changes(folder, but=config.home.root):
        if changes:
            now = time.time()
            screen.say(f"{words.clock(now, now)}  {words.count(len(changes), 'file')} changed")
        if changes or not watching:
            _publish(config, desk)
        if not watching:
            screen.say(f"watching {folder}")
            watching = True


def _changes(folder: Path, *, but: Path) -> Iterator[set[watchfiles.main.FileChange]]:
    """Sets of changes, and empty ones in between: from the first of them on, no change is missed."""
    return watchfiles.watch(
        folder,
        watch_filter=lambda _change, path: not Path(path).is_relative_to(but),
        debounce=DEBOUNCE_MS,
        step=STEP_MS,
        rust_timeout=WAIT_MS,
        yield_on_timeout=True,
        raise_interrupt=True,
    )


def _folder(config: Config) -> Path:
    folder = config.settings.source.folder
    if folder is None:
        raise ConfigError(
            "there is no folder to watch, the starter page is built in",
            where="source/folder",
            hint="name your site's folder in portico.toml",
        )
    return folder


def _publish(config: Config, desk: Desk) -> None:
    """Publish what is there now; whatever goes wrong is told, and the watching goes on."""
    began = time.monotonic()
    try:
        frozen = publishing.freeze_told(config)
        done = publishing.publish(desk, frozen, quiet=True)
    except Exception as error:
        known = told.known(error)
        if known is None:
            raise
        main.show(known)
        return
    took = words.duration(time.monotonic() - began)
    short = words.short(frozen.id)
    screen.say(f"  live: {short} in {took}" if done.changed else f"  nothing changed, {short} is live")
