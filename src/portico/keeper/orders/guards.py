"""Invariant 6 in the keeper itself: never both clusters, never the last, whoever gave the order."""

from __future__ import annotations

from portico.keeper.orders.move import Move, Situation
from portico.model import MIRROR, Order

POLICY = "policy"
STALE_S = 120.0
"""What policy ordered so long ago was decided about a world that is gone."""


def stale(order: Order, now: float) -> Move | None:
    """Refuse what waited too long for a keeper."""
    age = now - order.at
    if order.by != POLICY or order.state != "waiting" or age < STALE_S:
        return None
    return Move(why=f"it was decided {age:.0f} s ago", hint="it is decided anew if it is still needed")


def last_healthy(order: Order, cluster: str, now: Situation) -> Move | None:
    """Refuse to take away the last cluster that serves, unless a person insists."""
    others = [name for name in now.wanted.clusters if name != cluster and name not in now.wanted.drained]
    if _insists(order) or any(now.world.healthy(name) for name in others):
        return None
    return Move(why=f"{cluster} is the last healthy cluster", hint="heal or undrain another one first")


def last_replica(order: Order, name: str, now: Situation) -> Move | None:
    """Refuse to take away the last replica that serves; by policy, also the last one of a cluster."""
    cluster = now.wanted.names().get(name)
    serving = {
        other: of
        for other, of in now.wanted.names().items()
        if other not in {name, MIRROR} and now.world.serves(other)
    }
    if _insists(order) or cluster in serving.values():
        return None
    if order.by == POLICY or not serving:
        whose = f"of cluster {cluster} " if serving else ""
        return Move(why=f"{name} is the last one {whose}that serves", hint="portico status")
    return None


def soaking(order: Order, cluster: str, now: Situation) -> Move | None:
    """Refuse an action that touches a second cluster within the soak window, unless a person insists."""
    if "action" not in order.args or _insists(order):
        return None
    for other, at in now.touched.items():
        ago = now.world.now - at
        if other not in {cluster, MIRROR} and ago < now.soak_s:
            why = f"cluster {other} was touched {ago:.0f} s ago, within the soak window"
            return Move(why=why, hint="keeper/soak_s")
    return None


def _insists(order: Order) -> bool:
    return bool(order.args.get("force")) and order.by != POLICY
