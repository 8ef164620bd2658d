"""The relay's process: `python -m portico.relay HOME [CONFIG]`, started by the keeper."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from portico.config import load as config
from portico.intake import seal
from portico.kit import lock, process
from portico.kit.errors import PorticoError
from portico.ledger.ledger import Ledger
from portico.relay.loop import Loop


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m portico.relay", description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("config", type=Path, nargs="?")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        return relay(config.load(asked.config, asked.home, cwd=asked.home))
    except PorticoError as error:
        logging.getLogger("portico.relay").error("%s", error)  # noqa: TRY400 - one line for a person
        return error.code


def relay(asked: config.Config) -> int:
    """Deliver until told to end. Raises PorticoError."""
    home = asked.home
    with lock.held(home.run / "relay.lock") as ours:
        if not ours:
            raise PorticoError("another relay runs already", where=str(home.root))
        if me := process.of(os.getpid()):
            process.remember(home.record("relay"), me)
        seal.create_keys(home.intake_key, home.intake_public_key)
        loop = Loop(home, tuple(asked.settings.clusters.names), Ledger.existing(home.ledger))

        def leave(_number: int, _frame: FrameType | None) -> None:
            loop.stop()

        signal.signal(signal.SIGTERM, leave)
        loop.run()
        home.record("relay").unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
