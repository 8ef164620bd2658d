"""Restart: one replica at a time, drained, stopped, started by healing, back in service, then the next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portico.keeper.orders import guards
from portico.keeper.orders.move import PATIENCE_S, Move, Situation, out_of_service
from portico.keeper.steps import StopReplica
from portico.keeper.world import Wanted
from portico.model import MIRROR, Order

DRAIN_S = 5.0
"""How long a replica may finish its answers before it is restarted."""


def restart(order: Order, progress: Mapping[str, Any], now: Situation) -> Move:
    todo = progress.get("todo")
    if todo is None:
        todo = _targets(order.args.get("target"), now.wanted)
        if not todo:
            known = ["all", *now.wanted.clusters, *now.wanted.names()]
            return Move(why=f"there is no {order.args.get('target')!r}", hint=f"one of {', '.join(known)}")
        if refused := guards.soaking(order, now.wanted.names()[todo[0]], now):
            return refused
    current = progress.get("current")
    if current is None:
        return _take_out(list(todo), progress, now)
    return _bring_back(list(todo), current, progress, now)


def _targets(target: object, wanted: Wanted) -> list[str]:
    return [name for name, cluster in wanted.names().items() if target in {"all", name, cluster}]


def _take_out(todo: list[str], progress: Mapping[str, Any], now: Situation) -> Move:
    if not todo:
        return Move(want={"held": []}, done=True)
    name = todo[0]
    cluster = now.wanted.names().get(name, MIRROR)
    others = [other for other in now.wanted.names() if other not in {name, MIRROR}]
    if not any(now.world.serves(other) for other in others):
        return Move(want={"held": []}, why=f"{name} is the last one that serves", hint="portico status")
    last, at = progress.get("last", [cluster, 0.0])
    if MIRROR not in {cluster, last} and cluster != last and now.world.now - at < now.soak_s:
        return Move(progress={**progress, "todo": todo})
    return Move(
        progress={"todo": todo, "current": name, "since": now.world.now, "last": [cluster, now.world.now]},
        want={"held": [name]},
        touched=cluster,
    )


def _bring_back(todo: list[str], name: str, progress: Mapping[str, Any], now: Situation) -> Move:
    waited = now.world.now - progress["since"]
    if not progress.get("stopped"):
        server = (now.world.edge.servers or {}).get(name)
        idle = server is None or (server.admin == "drain" and server.sessions == 0) or name == MIRROR
        if not idle and waited < DRAIN_S:
            return Move(progress=progress)
        cluster = now.wanted.names().get(name, MIRROR)
        stopped = {**progress, "stopped": True, "since": now.world.now}
        return Move(progress=stopped, want={"held": []}, steps=(StopReplica(name, cluster),))
    if _back(name, now):
        last = [progress["last"][0], now.world.now]
        return Move(progress={"todo": todo[1:], "last": last}, want={"held": []})
    if waited > PATIENCE_S:
        return Move(want={"held": []}, why=f"{name} didn't come back", hint=f"portico logs {name}")
    return Move(progress=progress, want={"held": []})


def _back(name: str, now: Situation) -> bool:
    seen = now.world.replicas.get(name)
    if name == MIRROR or out_of_service(name, now):
        return bool(seen and seen.answers)
    return now.world.serves(name)
