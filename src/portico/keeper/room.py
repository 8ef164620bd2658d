"""What becomes of a full disk: the ballast is given up, so that the ledger can be written and people told."""

from __future__ import annotations

import logging
import sqlite3
import time

from portico.config.home import Home
from portico.kit import ballast
from portico.ledger.ledger import Ledger

log = logging.getLogger("portico.keeper")

LOOK_EVERY_S = 1.0


class Room:
    """Lays the ballast again once there is plenty of room."""

    def __init__(self, home: Home, ledger: Ledger) -> None:
        self._home = home
        self._ledger = ledger
        self._next = 0.0

    def look(self) -> None:
        """Give it up when there is hardly room left, before something can't be written."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + LOOK_EVERY_S
        if ballast.give_up_when_full(self._home.ballast):
            self._tell()
        else:
            ballast.lay(self._home.ballast)

    def make(self, error: sqlite3.Error) -> None:
        """Make some, and go on: the site is served all the same. Raises an error that has another reason."""
        if not ballast.is_full(error):
            raise error
        log.warning("the disk is full: %s", error)
        if ballast.give_up(self._home.ballast):
            self._tell()

    def _tell(self) -> None:
        self._ledger.record("disk.full", "ballast")
