"""Eject and readmit: one replica without visitors, and with them again; it runs on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portico.keeper import wanted as wants
from portico.keeper.orders import guards
from portico.keeper.orders.move import PATIENCE_S, Move, Situation
from portico.model import MIRROR, Order


def eject(order: Order, progress: Mapping[str, Any], now: Situation) -> Move:
    """Done once the edge sends it nothing any more; what it answers it finishes."""
    name = order.args.get("replica")
    cluster = _cluster_of(name, now)
    if cluster is None:
        return _unknown(name, now)
    if not progress:
        refused = guards.last_replica(order, str(name), now) or guards.soaking(order, cluster, now)
        if refused:
            return refused
    server = (now.world.edge.servers or {}).get(str(name))
    gone = bool(progress) and server is not None and server.admin == "drain"
    want = {wants.ejected(str(name)): True}
    return Move(progress={"asked": True}, want=want, touched="" if progress else cluster, done=gone)


def readmit(order: Order, progress: Mapping[str, Any], now: Situation) -> Move:
    name = order.args.get("replica")
    cluster = _cluster_of(name, now)
    if cluster is None:
        return _unknown(name, now)
    began = progress.get("at", now.world.now)
    want = {wants.ejected(str(name)): False}
    if progress and (now.world.serves(str(name)) or cluster in now.wanted.drained):
        return Move(want=want, done=True)
    if now.world.now - began > PATIENCE_S:
        return Move(want=want, why=f"{name} doesn't serve", hint=f"portico logs {name}")
    return Move(progress={"at": began}, want=want)


def _cluster_of(name: object, now: Situation) -> str | None:
    """The mirror is asked when nobody else is there, so it can't be ejected."""
    return None if name == MIRROR else now.wanted.names().get(str(name))


def _unknown(name: object, now: Situation) -> Move:
    known = [one for one in now.wanted.names() if one != MIRROR]
    return Move(why=f"there is no replica {name!r}", hint=f"one of {', '.join(known)}")
