"""Drain and undrain: a cluster without visitors, and with them again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portico.keeper import wanted as wants
from portico.keeper.orders import guards
from portico.keeper.orders.move import PATIENCE_S, Move, Situation, unknown_cluster
from portico.model import Order


def drain(order: Order, progress: Mapping[str, Any], now: Situation) -> Move:
    cluster = order.args.get("cluster")
    if cluster not in now.wanted.clusters:
        return unknown_cluster(cluster, now)
    if not progress:
        refused = guards.last_healthy(order, cluster, now) or guards.soaking(order, cluster, now)
        if refused:
            return refused
    servers = now.world.edge.servers or {}
    names = [name for name, of in now.wanted.names().items() if of == cluster]
    gone = bool(progress) and all(name in servers and servers[name].admin == "drain" for name in names)
    want = {wants.drained(cluster): True}
    return Move(progress={"asked": True}, want=want, touched="" if progress else cluster, done=gone)


def undrain(order: Order, progress: Mapping[str, Any], now: Situation) -> Move:
    cluster = order.args.get("cluster")
    if cluster not in now.wanted.clusters:
        return unknown_cluster(cluster, now)
    if now.wanted.mirror_only:
        return Move(why="the mirror alone serves", hint="portico act list says how that is taken back")
    began = progress.get("at", now.world.now)
    want = {wants.drained(cluster): False}
    if progress and now.world.healthy(cluster):
        return Move(want=want, done=True)
    if now.world.now - began > PATIENCE_S:
        return Move(want=want, why=f"no replica of {cluster} came up", hint=f"portico logs {cluster}1")
    return Move(progress={"at": began}, want=want)
