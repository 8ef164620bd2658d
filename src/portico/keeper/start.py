"""Makes a home ready and starts guard and keeper: what `portico up` calls."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from portico.config.load import Config
from portico.edge import livemap, tls, validate
from portico.intake import seal
from portico.keeper import guard, listen, stack
from portico.keeper.helpers import starter
from portico.kit import lock, process
from portico.kit.errors import UnavailableError
from portico.ledger.ledger import Ledger
from portico.model import HELPERS, MIRROR, STATUS
from portico.store import signing
from portico.store.layout import Store

PATIENCE_S = 60.0
"""So long a keeper that runs may take to its first look; one that ends is told much sooner."""
TRIES = 3
"""How often the guard may start a keeper that ends at once, before it is told."""


def start(config: Config) -> str:
    """Start the stack unless it runs; returns the https address. Raises PorticoError.

    A running keeper whose settings changed is replaced; nothing that serves visitors is touched by that.
    """
    prepare(config)
    with lock.held(config.home.run / "start.lock", wait=True):
        asked = config.settings.model_dump_json()
        ledger = Ledger(config.home.ledger)
        known = ledger.seen("settings")
        changed = known is not None and known[0] != asked
        ledger.see("settings", asked)
        if _running(config, "guard"):
            _replace_keeper(config, changed=changed)
            wait_until_kept(config, ledger)
        else:
            started = _start_guard(config)
            _wait_or_give_up(config, ledger, started)
        ledger.close()
    return stack.load(config).address


def prepare(config: Config) -> None:
    """Keys, certificate, stores and ledger; what is there stays."""
    validate.version()
    home = config.home
    try:
        home.create()
    except OSError as error:
        raise UnavailableError(
            f"the home can't be made: {error.strerror}",
            where=str(home.root),
            hint="--home DIR chooses another",
        ) from error
    signing.create_keys(home.signing_key, home.public_key)
    seal.create_keys(home.intake_key, home.intake_public_key)
    for name in (*config.settings.clusters.names, MIRROR):
        Store(home.store(name)).create()
        Store(home.status_store(name)).create()
    Store(home.origin).create()
    livemap.ensure(home.root, STATUS)
    edge = config.settings.edge
    starter.provide(home, config.settings)
    tls.provide(home, tuple(config.settings.certified), edge.certificate, datetime.now(UTC))


def wait_until_kept(config: Config, ledger: Ledger) -> None:
    """Wait for the keeper's first look. Raises UnavailableError with the end of its log."""
    began, deadline = time.time(), time.monotonic() + PATIENCE_S
    tried: set[process.Process | None] = set()
    while time.monotonic() < deadline and len(tried) <= TRIES:
        seen = ledger.seen("status")
        if seen and seen[1] >= began - 1 and _running(config, "keeper"):
            return
        tried.add(process.recall(config.home.record("keeper")))
        time.sleep(0.02)
    raise UnavailableError(
        f"the keeper didn't start: {_last_line(config.home.log('keeper'))}",
        where=str(config.home.log("keeper")),
        hint="portico logs keeper",
    )


def _wait_or_give_up(config: Config, ledger: Ledger, started: process.Process) -> None:
    """A keeper that can't start is not tried for ever."""
    try:
        wait_until_kept(config, ledger)
    except UnavailableError:
        process.stop(started, grace=1)
        if keeper := process.recall(config.home.record("keeper")):
            process.stop(keeper, grace=1)
        raise


def _start_guard(config: Config) -> process.Process:
    home = config.home
    edge = process.recall(home.record("edge"))
    served = bool(edge and edge.alive) and listen.ports(home.ports) is not None
    sockets = None if served else listen.bind(config.settings.edge, home.ports)[0]
    started = guard.spawn(home, config.file, sockets)
    process.remember(home.record("guard"), started)
    if sockets:
        for fd in sockets.fds:
            os.close(fd)
    return started


def _replace_keeper(config: Config, *, changed: bool) -> None:
    """And the helpers: all of them read the settings once."""
    if not changed:
        return
    for part in (*HELPERS, "keeper"):
        if known := process.recall(config.home.record(part)):
            process.stop(known, grace=5)


def _running(config: Config, part: str) -> bool:
    known = process.recall(config.home.record(part))
    return bool(known and known.alive)


def _last_line(log: Path) -> str:
    try:
        lines = log.read_text(errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1] if lines else "its log is empty"
