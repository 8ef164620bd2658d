"""The keeper's view as people and scripts read it: the shape of `portico status --json`. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portico.keeper import judge
from portico.keeper.world import HelperSeen, Memory, Wanted, World
from portico.model import CONSOLE, HELPERS, MIRROR, STUDIO, Finding, Health, Order


@dataclass(frozen=True, slots=True)
class Extra:
    """What the view shows beside the world. `mirror_age_s` is how long the mirror lacks what is live."""

    address: str
    plain: str
    studio: str | None
    console: str | None
    since: float | None
    keeper_pid: int
    guard_pid: int | None
    tick_ms: float
    traffic: Mapping[str, Any]
    mirror_age_s: float | None
    mirror_behind: bool


def view(
    world: World,
    wanted: Wanted,
    memory: Memory,
    extra: Extra,
    findings: Sequence[tuple[Finding, float]],
    orders: Sequence[Order],
) -> dict[str, Any]:
    mirror = _replica(world, wanted, memory, MIRROR)
    return {
        "address": extra.address,
        "http": extra.plain,
        "snapshot": wanted.snapshot,
        "since": extra.since,
        "edge": {"pid": world.edge.pid, "state": _edge_state(world), **extra.traffic},
        "keeper": {"pid": extra.keeper_pid, "state": "up", "tick_ms": round(extra.tick_ms, 1)},
        "guard": {"pid": extra.guard_pid},
        **{name: _helper(world, memory, name) for name in HELPERS},
        STUDIO: {**_helper(world, memory, STUDIO), "address": extra.studio},
        CONSOLE: {**_helper(world, memory, CONSOLE), "address": extra.console},
        "mirror": {**mirror, "snapshot_age_s": extra.mirror_age_s, "behind": extra.mirror_behind},
        "clusters": [_cluster(world, wanted, memory, cluster) for cluster in wanted.clusters],
        "ejected": sorted(wanted.ejected),
        "shield": wanted.shield_until if world.now < wanted.shield_until else None,
        "mirror_only": wanted.mirror_only,
        "findings": [
            {"key": found.key, "severity": found.severity, "sentence": found.sentence, "since": since}
            for found, since in findings
        ],
        "orders": [{"id": o.id, "kind": o.kind, "state": o.state, "at": o.at} for o in orders],
    }


def _edge_state(world: World) -> str:
    if not world.edge.alive:
        return Health.DOWN
    return Health.UP if world.edge.servers is not None else Health.STARTING


def _helper(world: World, memory: Memory, name: str) -> dict[str, Any]:
    seen = world.helpers.get(name)
    return {
        "pid": seen.pid if seen else None,
        "state": _helper_state(seen) if seen else "off",
        "restarts": memory.restarts.get(name, 0),
    }


def _helper_state(seen: HelperSeen) -> str:
    if not seen.alive:
        return Health.DOWN
    if seen.hung:
        return Health.HUNG
    return Health.UP if seen.answered else Health.STARTING


def _cluster(world: World, wanted: Wanted, memory: Memory, cluster: str) -> dict[str, Any]:
    names = [name for name, of in wanted.names().items() if of == cluster]
    return {
        "name": cluster,
        "state": judge.cluster_state(world, wanted, memory, cluster),
        "drained": cluster in wanted.drained,
        "replicas": [_replica(world, wanted, memory, name) for name in names],
    }


def _replica(world: World, wanted: Wanted, memory: Memory, name: str) -> dict[str, Any]:
    seen = world.replicas.get(name)
    starts = memory.starts.get(name, ())
    return {
        "name": name,
        "pid": seen.pid if seen else None,
        "state": judge.health(world, wanted, memory, name),
        "restarts": memory.restarts.get(name, 0),
        "since": starts[-1] if starts else None,
    }
