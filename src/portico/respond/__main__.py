"""The watcher's process: `python -m portico.respond HOME [CONFIG]`, started by the keeper."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from portico.config import program
from portico.config.load import Config
from portico.kit import ballast
from portico.ledger.ledger import Ledger
from portico.respond.loop import Loop
from portico.store import signing
from portico.watch.watched import Watched

PART = "watcher"


def watch(asked: Config) -> None:
    """Watch until told to end. Raises PorticoError."""
    home = asked.home
    ballast.give_up_when_full(home.ballast)
    with program.alone(home, PART):
        key = signing.load_public(home.public_key)
        ledger = Ledger.existing(home.ledger)
        loop = Loop(Watched(home, asked.settings, asked.file, ledger, key))

        def leave(_number: int, _frame: FrameType | None) -> None:
            loop.stop()

        signal.signal(signal.SIGTERM, leave)
        loop.run()
        home.record(PART).unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(program.main("portico.respond", PART, watch))
