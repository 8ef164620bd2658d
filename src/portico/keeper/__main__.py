"""The keeper's process: `python -m portico.keeper HOME [CONFIG] [--once]`, started by guard or systemd."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from portico.config import load as config
from portico.keeper import listen, stack, start
from portico.keeper.loop import Loop
from portico.kit import ballast, lock, process
from portico.kit.errors import Exit, PorticoError
from portico.ledger.ledger import Ledger

ONCE_S = 120.0


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m portico.keeper", description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("config", type=Path, nargs="?")
    parser.add_argument("--once", action="store_true", help="do what is due, then end")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    signal.signal(signal.SIGTERM, _leave)
    try:
        return keep(config.load(asked.config, asked.home, cwd=asked.home), once=asked.once)
    except PorticoError as error:
        logging.getLogger("portico.keeper").error("%s", error)  # noqa: TRY400 - one line for a person
        return error.code


def keep(settings: config.Config, *, once: bool) -> int:
    """Keep the stack; with `once` until nothing is due. Raises PorticoError."""
    sockets = listen.inherited()
    ballast.give_up_when_full(settings.home.ballast)
    if listen.activated():
        settings.home.create()
    with lock.held(settings.home.keeper_lock) as ours:
        if not ours:
            raise PorticoError("another keeper runs already", where=str(settings.home.root))
        if sockets and listen.activated():
            _prepare(settings, sockets)
        if not once:
            _go_on_record(settings)
        loop = Loop(stack.load(settings), Ledger.existing(settings.home.ledger), sockets)
        if once:
            return 0 if loop.run_once(ONCE_S) else Exit.FAILED
        loop.run()
        settings.home.record("keeper").unlink(missing_ok=True)
        return 0


def _prepare(settings: config.Config, sockets: listen.Sockets) -> None:
    """Systemd's keeper does for itself what `portico up` does for one that a guard starts."""
    start.prepare(settings)
    listen.adopt(sockets, settings.settings.edge, settings.home.ports)
    Ledger(settings.home.ledger).close()


def _go_on_record(settings: config.Config) -> None:
    """Whoever started it may have been kept from it by a full disk."""
    if me := process.of(os.getpid()):
        process.remember(settings.home.record("keeper"), me)


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
