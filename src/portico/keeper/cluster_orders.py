"""What each order about the clusters does next. Pure: asked at each tick until they are at their end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from portico.keeper.orders import draining, drilling, ejecting, guards, jobs, restarting, scaling, switching
from portico.keeper.orders.move import Move, Procedure, Situation
from portico.model import Order

_JOBS: Mapping[str, Procedure] = {
    "repair": jobs.repair,
    "renew": jobs.renew,
    "free-disk": jobs.free_disk,
    "takedown": jobs.take_down,
}

_PROCEDURES: Mapping[str, Procedure] = {
    "drain": draining.drain,
    "undrain": draining.undrain,
    "scale": scaling.scale,
    "restart": restarting.restart,
    "eject": ejecting.eject,
    "readmit": ejecting.readmit,
    "shield": switching.shield,
    "mirror": switching.mirror,
    "drill": drilling.begin,
    **_JOBS,
}

KINDS = tuple(_PROCEDURES)


def advance(order: Order, progress: Mapping[str, Any], now: Situation) -> Move:
    """The next move of an order. Refusals end it with `why` and `hint`."""
    procedure = _PROCEDURES.get(order.kind)
    if procedure is None:
        return Move(why=f"there is no order {order.kind!r}", hint=f"one of {', '.join(KINDS)}")
    return guards.stale(order, now.world.now) or procedure(order, progress, now)


def next_ones(orders: Sequence[Order]) -> Iterator[Order]:
    """The orders to move on now: the oldest, so that no two disturb each other, and the oldest job."""
    for of_jobs in (False, True):
        yield from [order for order in orders if (order.kind in _JOBS) is of_jobs][:1]
