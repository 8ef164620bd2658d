"""Orders that are work beside the tick. A keeper that died begins the work anew."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from portico.keeper import wanted as wants
from portico.keeper.orders.move import Move, Situation
from portico.keeper.steps import FreeDisk, Renew, RepairStore, Step, TakeDown
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


def take_down(order: Order, progress: Mapping[str, Any], now: Situation) -> Move:
    """First nobody can go back to it, then every store lets go of it."""
    paths = tuple(order.args.get("paths") or ())
    if not paths:
        return Move(why="there is nothing to take down", hint="portico takedown /path")
    if progress:
        return _working(order, now, TakeDown(order.id, paths, order.at), progress)
    barred = dict(order.args.get("replaced") or {})
    if now.wanted.snapshot in barred:
        return Move(why="visitors get one of these snapshots now", hint="publish the site without it first")
    return Move({"barred": len(barred)}, want={wants.BARRED: wants.barring(now.barred, barred)})


def _working(
    order: Order, now: Situation, step: Step, progress: Mapping[str, Any] = MappingProxyType({})
) -> Move:
    """Ask for the work until it says that it has ended; asked for again while it goes on, it goes on."""
    said = now.job if now.job.get("order") == order.id else {}
    if not said.get("ended"):
        return Move(progress, steps=(step,))
    if why := said.get("why"):
        return Move(progress, why=str(why), hint=str(said.get("hint", "")))
    return Move(progress, done=True, result=said.get("result", {}))
