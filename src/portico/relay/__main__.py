"""The relay's process: `python -m portico.relay HOME [CONFIG]`, started by the keeper."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from portico.config import program
from portico.config.load import Config
from portico.intake import seal
from portico.ledger.ledger import Ledger
from portico.relay.loop import Loop

PART = "relay"


def relay(asked: Config) -> None:
    """Deliver until told to end. Raises PorticoError."""
    home = asked.home
    with program.alone(home, PART):
        seal.create_keys(home.intake_key, home.intake_public_key)
        loop = Loop(home, tuple(asked.settings.clusters.names), Ledger.existing(home.ledger))

        def leave(_number: int, _frame: FrameType | None) -> None:
            loop.stop()

        signal.signal(signal.SIGTERM, leave)
        loop.run()
        home.record(PART).unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(program.main("portico.relay", PART, relay))
