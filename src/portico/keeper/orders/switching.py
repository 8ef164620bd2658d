"""The two big switches at the edge: the shield, and serving from the mirror alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portico.keeper import wanted as wants
from portico.keeper.orders.guards import POLICY
from portico.keeper.orders.move import PATIENCE_S, Move, Situation
from portico.keeper.steps import ReloadEdge
from portico.model import MIRROR, Order

LONGEST_S = 86400.0
"""A shield that nobody takes down ends by itself after at most so long."""


def shield(order: Order, _progress: Mapping[str, Any], now: Situation) -> Move:
    """Done once the edge has it; healing keeps it there until its time is over."""
    if now.world.now - order.at > PATIENCE_S:
        return Move(why="the edge didn't take it", hint="portico logs edge")
    if not order.args.get("on"):
        return Move(want={wants.SHIELD: 0.0}, done=now.world.edge.shield is False)
    until = min(float(order.args.get("until") or now.world.now + LONGEST_S), now.world.now + LONGEST_S)
    if until <= now.world.now:
        return Move(want={wants.SHIELD: 0.0}, why="its time is over", hint="portico act run shield")
    return Move(want={wants.SHIELD: until}, done=now.world.edge.shield is True)


def mirror(order: Order, progress: Mapping[str, Any], now: Situation) -> Move:
    return _mirror_alone(order, progress, now) if order.args.get("on") else _clusters_again(progress, now)


def _mirror_alone(order: Order, progress: Mapping[str, Any], now: Situation) -> Move:
    """Every cluster is drained, then the edge reloaded: what it cached came from where nobody is trusted."""
    if not progress and (why := _unfit(order, now)):
        return Move(why=why, hint="portico status")
    servers = now.world.edge.servers or {}
    ours = [servers[name] for name, of in now.wanted.names().items() if of != MIRROR and name in servers]
    want = {wants.MIRROR_ONLY: True}
    if progress.get("reloaded"):
        return Move(want=want, done=True)
    if progress and ours and all(one.admin == "drain" for one in ours):
        return Move({"asked": True, "reloaded": True}, want, (ReloadEdge(),))
    return Move(progress={"asked": True}, want=want)


def _unfit(order: Order, now: Situation) -> str:
    """Why the mirror can't serve alone. By policy never, while a cluster is healthy."""
    if order.by == POLICY and any(now.world.healthy(name) for name in now.wanted.clusters):
        return "no policy takes the last healthy cluster away"
    seen = now.world.replicas.get(MIRROR)
    if not (seen and seen.answers):
        return "the mirror doesn't answer"
    return "" if now.wanted.snapshot in seen.snapshots else "the mirror lacks what is live"


def _clusters_again(progress: Mapping[str, Any], now: Situation) -> Move:
    began = progress.get("at", now.world.now)
    want = {wants.MIRROR_ONLY: False}
    if progress and any(now.world.healthy(name) for name in now.wanted.clusters):
        return Move(want=want, done=True)
    if now.world.now - began > PATIENCE_S:
        return Move(want=want, why="no cluster serves", hint="portico status")
    return Move(progress={"at": began}, want=want)
