"""What drain, undrain, scale and restart do next. Pure: asked at each tick until they are at their end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portico import model
from portico.keeper import wanted as wants
from portico.keeper.steps import Step, StopReplica
from portico.keeper.world import Wanted, World
from portico.model import MIRROR, Order

PATIENCE_S = 60.0
"""How long a scale or an undrain may take before it is told as failed; healing goes on all the same."""

DRAIN_S = 5.0
"""How long a replica may finish its answers before it is restarted."""


@dataclass(frozen=True, slots=True)
class Move:
    """What to do now for an order: change `want`, take `steps`, remember `progress`, or end it."""

    progress: Mapping[str, Any] = field(default_factory=dict)
    want: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    done: bool = False
    why: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What the procedures look at. `most` is the number of slots of a cluster."""

    world: World
    wanted: Wanted
    soak_s: float
    most: int


def advance(order: Order, progress: Mapping[str, Any], now: Situation) -> Move:
    """The next move of an order. Refusals end it with `why` and `hint`."""
    procedure = _PROCEDURES.get(order.kind)
    if procedure is None:
        return Move(why=f"there is no order {order.kind!r}", hint=f"one of {', '.join(KINDS)}")
    cluster = order.args.get("cluster")
    if order.kind != "restart" and cluster not in now.wanted.clusters:
        return Move(why=f"there is no cluster {cluster!r}", hint=f"one of {', '.join(now.wanted.clusters)}")
    return procedure(order, progress, now)


def _drain(order: Order, progress: Mapping[str, Any], now: Situation) -> Move:
    cluster = order.args["cluster"]
    others = [name for name in now.wanted.clusters if name != cluster and name not in now.wanted.drained]
    if not progress and not any(now.world.healthy(name) for name in others):
        return Move(why=f"{cluster} is the last healthy cluster", hint="heal or undrain another one first")
    servers = now.world.edge.servers or {}
    names = [name for name, of in now.wanted.names().items() if of == cluster]
    gone = bool(progress) and all(name in servers and servers[name].admin == "drain" for name in names)
    return Move(progress={"asked": True}, want={wants.drained(cluster): True}, done=gone)


def _undrain(order: Order, progress: Mapping[str, Any], now: Situation) -> Move:
    cluster = order.args["cluster"]
    began = progress.get("at", now.world.now)
    want = {wants.drained(cluster): False}
    if progress and now.world.healthy(cluster):
        return Move(want=want, done=True)
    if now.world.now - began > PATIENCE_S:
        return Move(want=want, why=f"no replica of {cluster} came up", hint=f"portico logs {cluster}1")
    return Move(progress={"at": began}, want=want)


def _scale(order: Order, progress: Mapping[str, Any], now: Situation) -> Move:
    cluster, count = order.args["cluster"], order.args.get("replicas")
    if not isinstance(count, int) or not 1 <= count <= now.most:
        return Move(
            why=f"expected 1 to {now.most} replicas, got {count!r}", hint="clusters/max_replicas is the most"
        )
    began = progress.get("at", now.world.now)
    want = {wants.scale(cluster): count}
    slots = model.slots(cluster, count)
    up = sum(1 for name in slots if _runs(now, name, cluster))
    surplus = [seen for seen in now.world.of(cluster) if seen.alive and seen.name not in slots]
    if progress and up == count and not surplus:
        return Move(want=want, done=True)
    if now.world.now - began > PATIENCE_S:
        return Move(want=want, why=f"only {up} of {count} replicas came up", hint=f"portico logs {slots[-1]}")
    return Move(progress={"at": began}, want=want)


def _runs(now: Situation, name: str, cluster: str) -> bool:
    seen = now.world.replicas.get(name)
    return bool(seen and seen.answers) if cluster in now.wanted.drained else now.world.serves(name)


def _restart(order: Order, progress: Mapping[str, Any], now: Situation) -> Move:
    """One replica at a time: drained, stopped, started by healing, back in service, then the next."""
    todo = progress.get("todo")
    if todo is None:
        todo = _targets(order.args.get("target"), now.wanted)
        if not todo:
            known = ["all", *now.wanted.clusters, *now.wanted.names()]
            return Move(why=f"there is no {order.args.get('target')!r}", hint=f"one of {', '.join(known)}")
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
    if name == MIRROR or (seen and seen.cluster in now.wanted.drained):
        return bool(seen and seen.answers)
    return now.world.serves(name)


_PROCEDURES: Mapping[str, Callable[[Order, Mapping[str, Any], Situation], Move]] = {
    "drain": _drain,
    "undrain": _undrain,
    "scale": _scale,
    "restart": _restart,
}

KINDS = tuple(_PROCEDURES)
