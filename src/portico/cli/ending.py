"""Taking a stack down: an order to the keeper, or by hand where no keeper is left to obey."""

from __future__ import annotations

import time

from portico.cli.orders import Desk, Given
from portico.config.home import Home
from portico.kit import process
from portico.kit.errors import UnavailableError
from portico.model import HELPERS

PATIENCE_S = 30.0
GRACE_S = 5.0
POLL_S = 0.02
_KEEPERS = {"guard", "keeper"}
_FIRST = ("guard", "keeper", *HELPERS, "edge")
"""The guard would start the keeper again, and the keeper everything else; the door closes next."""

Parts = dict[str, process.Process]


def stop(desk: Desk) -> int:
    """End every process of the stack; returns how many there were. Raises UnavailableError when one stays."""
    found = running(desk.home)
    if not found:
        return 0
    if found.keys() & _KEEPERS:
        _by_order(desk, found)
    _by_hand(desk, found)
    if left := _left(desk.home, found):
        names = ", ".join(f"{part} ({known.pid})" for part, known in left.items())
        raise UnavailableError(
            f"still running: {names}", where=str(desk.home.root), hint="end them by their pid"
        )
    return len(found)


def running(home: Home) -> dict[str, process.Process]:
    """The processes of the stack that are alive, by the name of their record."""
    known = {path.stem: process.recall(path) for path in home.run.glob("*.json")}
    return {part: found for part, found in known.items() if found and found.alive}


def _left(home: Home, found: Parts) -> Parts:
    """Who of `found` is still alive, though its record may be gone, and who was started meanwhile."""
    return {**{part: known for part, known in found.items() if known.alive}, **running(home)}


def _by_order(desk: Desk, found: Parts) -> None:
    given = desk.give("down", {})
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and _left(desk.home, found).keys() & _KEEPERS:
        if desk.ledger.get_order(given.number).state == "failed":
            break
        time.sleep(POLL_S)
    _settle(desk, given)


def _settle(desk: Desk, given: Given) -> None:
    """An order to go down must not outlive the stack, else the next keeper would obey it."""
    order = desk.ledger.get_order(given.number)
    if order.state in {"waiting", "taken"}:
        desk.ledger.settle(order, "done")


def _by_hand(desk: Desk, found: Parts) -> None:
    left = _left(desk.home, found)
    for part in sorted(left, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST)):
        process.stop(left[part], grace=GRACE_S)
