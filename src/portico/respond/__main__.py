"""The watcher's process: `python -m portico.respond HOME [CONFIG]`, started by the keeper."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from portico.config import load as config
from portico.kit import ballast, lock, process
from portico.kit.errors import PorticoError
from portico.ledger.ledger import Ledger
from portico.respond.loop import Loop
from portico.store import signing
from portico.watch.watched import Watched


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m portico.respond", description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("config", type=Path, nargs="?")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        return watch(config.load(asked.config, asked.home, cwd=asked.home))
    except PorticoError as error:
        logging.getLogger("portico.watcher").error("%s", error)  # noqa: TRY400 - one line for a person
        return error.code


def watch(asked: config.Config) -> int:
    """Watch until told to end. Raises PorticoError."""
    home = asked.home
    ballast.give_up_when_full(home.ballast)
    with lock.held(home.run / "watcher.lock") as ours:
        if not ours:
            raise PorticoError("another watcher runs already", where=str(home.root))
        if me := process.of(os.getpid()):
            process.remember(home.record("watcher"), me)
        key = signing.load_public(home.public_key)
        ledger = Ledger.existing(home.ledger)
        loop = Loop(Watched(home, asked.settings, asked.file, ledger, key))

        def leave(_number: int, _frame: FrameType | None) -> None:
            loop.stop()

        signal.signal(signal.SIGTERM, leave)
        loop.run()
        home.record("watcher").unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
