"""The last publishes and rollbacks, as the first page tells them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portico.board.past import Past
from portico.model import Event, Order

MOST = 5


@dataclass(frozen=True, slots=True)
class Publish:
    """A flip at the edge. `took` is from the order to its end, where an order is known."""

    at: float
    snapshot: str
    kind: str
    by: str
    took: float | None
    now: bool
    """Whether it is what visitors see."""
    order: int | None = None


def of(past: Past, live: str | None) -> list[Publish]:
    """The newest first."""
    orders = {order.id: order for order in past.released}
    flips = past.lives[-MOST:]
    return [
        _one(event, orders.get(event.data.get("order", 0)), now=_is_last(event, flips, live))
        for event in flips[::-1]
    ]


def _is_last(event: Event, flips: Sequence[Event], live: str | None) -> bool:
    return event is flips[-1] and event.subject == live


def _one(event: Event, order: Order | None, *, now: bool) -> Publish:
    if order is None:
        return Publish(event.at, event.subject, "publish", "", None, now)
    took = order.result.get("seconds")
    return Publish(event.at, event.subject, order.kind, order.by, took, now, order.id)
