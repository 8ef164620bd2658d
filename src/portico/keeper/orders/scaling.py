"""Scale: more or fewer replicas of a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portico import model
from portico.keeper import wanted as wants
from portico.keeper.orders.move import PATIENCE_S, Move, Situation, out_of_service, unknown_cluster
from portico.model import Order


def scale(order: Order, progress: Mapping[str, Any], now: Situation) -> Move:
    cluster, count = order.args.get("cluster"), order.args.get("replicas")
    if cluster not in now.wanted.clusters:
        return unknown_cluster(cluster, now)
    if not isinstance(count, int) or not 1 <= count <= now.most:
        return Move(
            why=f"expected 1 to {now.most} replicas, got {count!r}", hint="clusters/max_replicas is the most"
        )
    began = progress.get("at", now.world.now)
    want = {wants.scale(cluster): count}
    slots = model.slots(cluster, count)
    up = sum(1 for name in slots if _runs(now, name))
    surplus = [seen for seen in now.world.of(cluster) if seen.alive and seen.name not in slots]
    if progress and up == count and not surplus:
        return Move(want=want, done=True)
    if now.world.now - began > PATIENCE_S:
        return Move(want=want, why=f"only {up} of {count} replicas came up", hint=f"portico logs {slots[-1]}")
    return Move(progress={"at": began}, want=want)


def _runs(now: Situation, name: str) -> bool:
    seen = now.world.replicas.get(name)
    return bool(seen and seen.answers) if out_of_service(name, now) else now.world.serves(name)
