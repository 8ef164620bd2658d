"""Orders as they were given: the newest ones, and what happened because of one."""

from __future__ import annotations

from collections.abc import Sequence

from portico.ledger import incidents
from portico.ledger.ledger import Ledger
from portico.model import Event, Order

LONGEST_S = 3600.0
"""An order that takes longer is told to here."""


def last(ledger: Ledger, count: int, kinds: Sequence[str] = ()) -> list[Order]:
    """The newest so many, the newest first; of all kinds, or of these."""
    marks = ", ".join("?" * len(kinds))
    of_kind = f"WHERE kind IN ({marks})" if kinds else ""
    rows = ledger.ask(
        f"SELECT id FROM orders {of_kind} ORDER BY id DESC LIMIT ?",  # noqa: S608 - marks only
        (*kinds, count),
    )
    return [ledger.get_order(number) for (number,) in rows]


def story(ledger: Ledger, order: Order) -> list[Event]:
    """The events of an order, from that it was given to that it was settled."""
    found = []
    for event in incidents.events_between(ledger, order.at - 0.001, order.at + LONGEST_S):
        if event.data.get("order") == order.id:
            found.append(event)
            if event.kind in {"order.done", "order.failed"}:
                break
    return found
