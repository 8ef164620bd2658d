"""Taking a stack down: an order to the keeper, or by hand where no keeper is left to obey."""

from __future__ import annotations

import time

from portico.cli.orders import Desk, Given
from portico.config.home import Home
from portico.kit import process
from portico.kit.errors import PorticoError, UnavailableError

PATIENCE_S = 30.0
GRACE_S = 5.0
_FIRST = ("guard", "keeper", "edge")
"""The guard would start the keeper again, and the keeper everything else; the door closes next."""


def stop(desk: Desk) -> int:
    """End every process of the stack; returns how many there were. Raises UnavailableError when one stays."""
    found = running(desk.home)
    if not found:
        return 0
    if any(part in found for part in ("guard", "keeper")):
        _by_order(desk)
    _by_hand(desk)
    if left := running(desk.home):
        names = ", ".join(f"{part} ({known.pid})" for part, known in left.items())
        raise UnavailableError(
            f"still running: {names}", where=str(desk.home.root), hint="end them by their pid"
        )
    return len(found)


def running(home: Home) -> dict[str, process.Process]:
    """The processes of the stack that are alive, by the name of their record."""
    known = {path.stem: process.recall(path) for path in home.run.glob("*.json")}
    return {part: found for part, found in known.items() if found and found.alive}


def _by_order(desk: Desk) -> None:
    given = desk.give("down", {})
    deadline = time.monotonic() + PATIENCE_S
    while running(desk.home) and time.monotonic() < deadline:
        if desk.ledger.get_order(given.number).state == "failed":
            break
        if not any(part in running(desk.home) for part in ("guard", "keeper")):
            break
        time.sleep(0.02)
    _settle(desk, given)


def _settle(desk: Desk, given: Given) -> None:
    """An order to go down must not outlive the stack, else the next keeper would obey it."""
    try:
        order = desk.ledger.get_order(given.number)
    except PorticoError:
        return
    if order.state in {"waiting", "taken"} and not running(desk.home).keys() & {"keeper", "guard"}:
        desk.ledger.settle(order, "done")


def _by_hand(desk: Desk) -> None:
    found = running(desk.home)
    for part in sorted(found, key=lambda name: (name not in _FIRST, name != "guard", name)):
        process.stop(found[part], grace=GRACE_S)
