"""Orders that are work beside the tick: repair, renew, free-disk. A keeper that died begins the work anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portico.keeper.orders.move import Move, Situation
from portico.keeper.steps import FreeDisk, Renew, RepairStore, Step
from portico.model import MIRROR, Order


def repair(order: Order, _progress: Mapping[str, Any], now: Situation) -> Move:
    store = order.args.get("cluster")
    known = [*now.wanted.clusters, MIRROR]
    if store not in known:
        return Move(why=f"there is no store {store!r}", hint=f"one of {', '.join(known)}")
    if now.wanted.snapshot is None:
        return Move(why="nothing is live", hint="portico publish")
    return _working(order, now, RepairStore(store, now.wanted.snapshot, order.id))


def renew(order: Order, _progress: Mapping[str, Any], now: Situation) -> Move:
    return _working(order, now, Renew(order.id))


def free_disk(order: Order, _progress: Mapping[str, Any], now: Situation) -> Move:
    return _working(order, now, FreeDisk(order.id))


def _working(order: Order, now: Situation, step: Step) -> Move:
    """Ask for the work until it says that it has ended; asked for again while it goes on, it goes on."""
    said = now.job if now.job.get("order") == order.id else {}
    if not said.get("ended"):
        return Move(steps=(step,))
    if why := said.get("why"):
        return Move(why=str(why), hint=str(said.get("hint", "")))
    return Move(done=True, result=said.get("result", {}))
