"""Starts and ends the processes beside those that serve, each by its row in the table."""

from __future__ import annotations

import os

from portico.keeper import guard, listen
from portico.keeper.helpers import table
from portico.keeper.stack import Stack
from portico.keeper.steps import StartDrill
from portico.kit import process
from portico.ledger.ledger import Ledger
from portico.model import HELPERS


def start(stack: Stack, ledger: Ledger, name: str) -> None:
    home, record = stack.home, stack.home.record(name)
    if died := process.recall(record):
        ledger.record(f"{name}.died", name, pid=died.pid)
        record.unlink(missing_ok=True)
    process.end_strays(home.root, table.TABLE[name].words)
    launch = table.TABLE[name].launch(stack)
    started = process.spawn(
        launch.command, cwd=home.root, log=home.log(name), env=launch.env, user=launch.user
    )
    process.remember(record, started)
    ledger.record(f"{name}.started", name, pid=started.pid, **({"note": launch.note} if launch.note else {}))


def drill(stack: Stack, ledger: Ledger, step: StartDrill) -> None:
    """It is nobody's to heal: it ends by itself, and says in the ledger what it measured."""
    laid = [text for name, value in step.terms for text in (f"--{name}", f"{value:g}")]
    command = [*guard.command("portico.recover", stack.home, stack.config), step.what, step.name, *laid]
    env = listen.environment(None, os.environ)
    started = process.spawn(command, cwd=stack.home.root, log=stack.home.log("drill"), env=env)
    ledger.record("drill.started", step.name, what=step.what, pid=started.pid, **dict(step.terms))


def kill(stack: Stack, ledger: Ledger, name: str) -> None:
    """End one that shows no life, and what it has started."""
    ledger.record(f"{name}.hung", name)
    if known := process.recall(stack.home.record(name)):
        for child in process.children(known):
            process.kill(child)
        process.kill(known)
        process.wait_gone(known, 2)


def stop_all(stack: Stack, *, grace: float) -> None:
    """Ask each to end; what editors and visitors gave is on the disk already."""
    known = {name: process.recall(stack.home.record(name)) for name in HELPERS}
    for name, found in known.items():
        if found:
            process.stop(found, grace=grace)
        stack.home.record(name).unlink(missing_ok=True)
