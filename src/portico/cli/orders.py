"""An order: written in the ledger, poked, and followed until the keeper has settled it."""

from __future__ import annotations

import getpass
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portico.config.home import Home
from portico.kit import process, unixsocket
from portico.kit.errors import PorticoError, UnavailableError
from portico.ledger.ledger import Ledger
from portico.model import Event, Order

POLL_S = 0.02
ORPHANED_S = 3.0
"""How long an order waits without a keeper before the person is told; a guard starts one within a second."""

KEEPER_HINT = "`portico keeper --once` carries it out now, `portico up` brings the keeper back"


@dataclass(frozen=True, slots=True)
class Given:
    """An order's number, and the last event from before it was given."""

    number: int
    after: int


@dataclass(frozen=True, slots=True)
class Desk:
    """Where orders are given: the stack's home and its open ledger."""

    home: Home
    ledger: Ledger

    def give(self, kind: str, args: Mapping[str, Any]) -> Given:
        """Write the order down and wake the keeper."""
        return self.began(self.ledger.order(kind, args, by=person()))

    def began(self, number: int) -> Given:
        """An order that stands in the ledger already; what happened before it isn't told."""
        unixsocket.poke(self.home.keeper_socket)
        given = self.ledger.events(kind="order.given", last=99)
        return Given(number, next((one.seq for one in given if one.data["order"] == number), 0))

    def follow(
        self, given: Given, tell: Callable[[Event], None] = lambda _event: None, *, timeout: float = 120
    ) -> Order:
        """Wait until the order is settled, telling its events on the way.

        Raises PorticoError with the keeper's words when it failed, UnavailableError when nobody does it.
        """
        started, seq = time.monotonic(), given.after
        alone_since: float | None = None
        while True:
            order = self.ledger.get_order(given.number)
            seq = self._tell(given.number, seq, tell)
            if order.state in {"done", "failed"}:
                return _settled(order)
            now = time.monotonic()
            alone_since = None if keeper_runs(self.home) else alone_since or now
            _give_up(order, waited=now - started, alone=now - (alone_since or now), timeout=timeout)
            time.sleep(POLL_S)

    def _tell(self, number: int, seq: int, tell: Callable[[Event], None]) -> int:
        for event in self.ledger.events(after=seq):
            if event.data.get("order") == number:
                tell(event)
            seq = event.seq
        return seq


def keeper_runs(home: Home) -> bool:
    known = process.recall(home.record("keeper"))
    return known is not None and known.alive


def person() -> str:
    """Who gives the order, for the record."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _settled(order: Order) -> Order:
    if order.state == "failed":
        raise PorticoError(
            str(order.result.get("why", "it failed, and said nothing about it")),
            where=f"{order.kind} (order {order.id})",
            hint=str(order.result.get("hint", "")),
        )
    return order


def _give_up(order: Order, *, waited: float, alone: float, timeout: float) -> None:
    where = f"{order.kind} (order {order.id})"
    if alone > ORPHANED_S:
        raise UnavailableError("the order waits: the keeper doesn't run", where=where, hint=KEEPER_HINT)
    if waited > timeout:
        raise UnavailableError(
            f"the order is still {order.state} after {timeout:.0f} s; it goes on by itself",
            where=where,
            hint="portico events --follow",
            temporary=True,
        )
