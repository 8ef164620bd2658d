"""The freezer's process: `python -m portico.release HOME [CONFIG]`, started by the keeper."""

from __future__ import annotations

import contextlib
import logging
import os
import select
import signal
import socket
import sqlite3
import sys
from pathlib import Path
from types import FrameType

from portico.config import program
from portico.config.home import Home
from portico.config.load import Config
from portico.kit import ballast, unixsocket
from portico.kit.errors import PorticoError
from portico.ledger.ledger import Ledger
from portico.model import FREEZER
from portico.release.loop import Freezer

log = logging.getLogger("portico.freezer")

PAUSE_S = 1.0
"""A poke that was lost costs so long."""


def run(asked: Config) -> None:
    """Freeze until told to end. Raises PorticoError."""
    home = asked.home
    signal.signal(signal.SIGTERM, _leave)
    ballast.give_up_when_full(home.ballast)
    with program.alone(home, FREEZER):
        pokes = _listen(home.freezer_socket)
        freezer = Freezer(home, asked.settings, Ledger.existing(home.ledger), lambda: _beat(home))
        troubled = ""
        while True:
            troubled = _try(freezer, troubled)
            _beat(home)
            _wait(pokes)


def _try(freezer: Freezer, troubled: str) -> str:
    """One look; what fails is logged once and tried again: nothing here may end the freezer."""
    try:
        freezer.look()
    except (PorticoError, OSError, sqlite3.Error) as error:
        told = f"{type(error).__name__}: {error}"
        if told != troubled:
            log.exception("a look failed; it is tried again")
        return told
    return ""


def _listen(path: Path) -> socket.socket:
    """Whoever may enter the folder may poke: the studio is another user where it can be."""
    path.unlink(missing_ok=True)
    pokes = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    with unixsocket.reachable(path) as address:
        pokes.bind(address)
    path.chmod(0o666)
    return pokes


def _wait(pokes: socket.socket) -> None:
    """Until somebody pokes, at most a pause long; all the pokes of a moment are one."""
    if select.select([pokes], [], [], PAUSE_S)[0]:
        with contextlib.suppress(BlockingIOError):
            while pokes.recv(64):
                pass


def _beat(home: Home) -> None:
    """Show the keeper that this process isn't hung."""
    with contextlib.suppress(FileNotFoundError):
        os.utime(home.record(FREEZER))


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(program.main("portico.release", FREEZER, run))
