"""The replica's program: check what was given, bind, step down from root, answer until told to end."""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from portico.kit.errors import ConfigError, Exit, PorticoError
from portico.replica import listen, log, privileges
from portico.replica.app import App
from portico.replica.forms import Forms
from portico.replica.intake import Intake, Place
from portico.replica.library import Library
from portico.store import signing
from portico.store.layout import Store


def main(words: Sequence[str] | None = None) -> int:
    asked = _arguments().parse_args(words)
    try:
        return _run(asked)
    except PorticoError as error:
        sys.stderr.write(f"portico.replica: {error}\n")
        return error.code
    except OSError as error:
        sys.stderr.write(f"portico.replica: {error.filename or asked.socket}: {error.strerror}\n")
        return Exit.FAILED


def _run(asked: argparse.Namespace) -> int:
    key = signing.load_public(asked.key)
    store, others = _store(asked.store), [_store(root) for root in asked.also]
    listening = listen.bind(asked.socket)
    if asked.user:
        privileges.drop(asked.user)
    for one in (store, *others):
        _check_readable(one)
    libraries = [Library(one, key, retain=asked.retain) for one in (store, *others)]
    intake = _intake(asked, libraries)
    app = App(asked.name, libraries, intake)
    log.line("started", replica=asked.name, pid=os.getpid())
    ended_as_told = asyncio.run(_serve(app, intake, listening))
    log.line("ended", replica=asked.name, pid=os.getpid())
    return 0 if ended_as_told else Exit.FAILED


async def _serve(app: App, intake: Intake | None, listening: socket.socket) -> bool:
    mending = asyncio.create_task(intake.keeping.mend()) if intake else None
    try:
        return await listen.serve(app, listening)
    finally:
        if mending:
            mending.cancel()


def _intake(asked: argparse.Namespace, libraries: Sequence[Library]) -> Intake | None:
    """Asked as the user that we serve as, too: only he may read and write there."""
    if asked.intake is None:
        return None
    if asked.intake_key is None:
        raise ConfigError("expected a key to seal posts by", where="--intake-key")
    place = Place(asked.intake, asked.intake_key, tuple(asked.peer))
    return Intake(asked.name.rstrip("0123456789"), place, Forms(libraries))


def _store(root: Path) -> Store:
    store = Store(root)
    if not (store.bodies.is_dir() and store.snapshots.is_dir()):
        raise ConfigError("expected a store, with bodies/ and snapshots/ in it", where=str(root))
    return store


def _check_readable(store: Store) -> None:
    """Asked as the user that we serve as: better told now than found by visitors."""
    for folder in (store.bodies, store.snapshots):
        if not os.access(folder, os.R_OK | os.X_OK):
            raise ConfigError("the store can't be read by this user", where=str(folder), hint="chmod it")


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("portico.replica", description="Serves snapshots from a store.")
    parser.add_argument("--store", type=Path, required=True, help="the folder of the cluster's store")
    parser.add_argument("--also", type=Path, action="append", default=[], help="another site's store")
    parser.add_argument("--key", type=Path, required=True, help="the public key that snapshots are signed by")
    parser.add_argument("--socket", type=Path, required=True, help="the unix socket to answer on")
    parser.add_argument("--name", required=True, help="the replica's name, as the edge knows it")
    parser.add_argument("--retain", type=int, default=10, help="snapshots whose assets keep resolving")
    parser.add_argument("--intake", type=Path, help="the folder for what visitors send; none takes no posts")
    parser.add_argument("--intake-key", type=Path, help="the public key that posts are sealed by")
    parser.add_argument("--peer", action="append", default=[], help="sockets of the other clusters, with *")
    parser.add_argument("--user", help="who to become when started as root")
    return parser
