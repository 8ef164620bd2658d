"""From what is and what is wanted to the next steps. Pure: no clock, no socket, no subprocess.

What must always hold here: nothing automatic takes something running away from two clusters within one
soak window; a replica that answers is never restarted; if every check fails at once, nothing is touched.
"""

from __future__ import annotations

from collections.abc import Iterator

from portico.keeper import judge
from portico.keeper.steps import (
    Admin,
    KillEdge,
    KillHelper,
    KillReplica,
    PointEdge,
    RefillStore,
    RemoveBarred,
    RepairBody,
    SetServer,
    SetShield,
    StartEdge,
    StartGuard,
    StartHelper,
    StartReplica,
    Step,
    StopReplica,
)
from portico.keeper.world import Memory, ReplicaSeen, Wanted, World
from portico.model import MIRROR


def decide(world: World, wanted: Wanted, memory: Memory, *, soak_s: float) -> list[Step]:
    """The steps that bring the world closer to what is wanted, the most urgent first."""
    return [
        *_edge(world),
        *_dead(world, wanted, memory),
        *_hung(world, memory, soak_s),
        *_routing(world, wanted),
        *_shield(world, wanted),
        *_surplus(world, wanted),
        *_barred(world, wanted),
        *_refused(world),
        *_lacking(world, wanted),
        *_guard(world),
        *_helpers(world, wanted, memory),
    ]


def may_touch(cluster: str, world: World, memory: Memory, soak_s: float) -> bool:
    """Whether something that runs in `cluster` may be taken away: no other cluster was touched of late."""
    return all(
        world.now - at >= soak_s for other, at in memory.touched.items() if other not in {cluster, MIRROR}
    )


def _edge(world: World) -> Iterator[Step]:
    if not world.edge.alive:
        yield StartEdge()
    elif world.edge.hung:
        yield KillEdge()


def _dead(world: World, wanted: Wanted, memory: Memory) -> Iterator[Step]:
    for name, cluster in wanted.names().items():
        seen = world.replicas.get(name)
        dead = seen is None or not seen.alive
        if dead and name not in wanted.held and judge.wait_before_start(memory, name, world.now) <= 0:
            yield StartReplica(name, cluster)


def _hung(world: World, memory: Memory, soak_s: float) -> Iterator[Step]:
    if judge.checker_is_wrong(world):
        return
    touched: set[str] = set()
    for seen in world.replicas.values():
        others = touched - {seen.cluster, MIRROR}
        if seen.hung and not others and may_touch(seen.cluster, world, memory, soak_s):
            touched.add(seen.cluster)
            yield KillReplica(seen.name, seen.cluster)


def _routing(world: World, wanted: Wanted) -> Iterator[Step]:
    """Hold the edge's servers and map to what is wanted; the mirror is always ready, as a backup."""
    if world.edge.servers is None:
        return
    if wanted.snapshot and world.edge.live != wanted.snapshot:
        yield PointEdge(wanted.snapshot)
    names = wanted.names()
    for name, server in world.edge.servers.items():
        out = name in wanted.held or name in wanted.ejected
        admin = _admin(names.get(name), out, world.replicas.get(name), wanted)
        if server.admin != admin:
            yield SetServer(name, admin)


def _admin(cluster: str | None, out: bool, seen: ReplicaSeen | None, wanted: Wanted) -> Admin:  # noqa: FBT001 - a fact
    if cluster is None:
        return "drain" if seen and seen.alive else "maint"
    return "drain" if out or cluster in wanted.drained else "ready"


def _shield(world: World, wanted: Wanted) -> Iterator[Step]:
    """Up until its time is over, whether anybody watches or not."""
    on = world.now < wanted.shield_until
    if world.edge.shield is not None and world.edge.shield is not on:
        yield SetShield(on)


def _surplus(world: World, wanted: Wanted) -> Iterator[Step]:
    """Replicas that are not wanted any more, once the edge sends them nothing."""
    names = wanted.names()
    for seen in world.replicas.values():
        server = (world.edge.servers or {}).get(seen.name)
        gets_nothing = server is None or (server.admin != "ready" and server.sessions == 0)
        if seen.name not in names and seen.alive and gets_nothing and world.edge.servers is not None:
            yield StopReplica(seen.name, seen.cluster)


def _barred(world: World, wanted: Wanted) -> Iterator[Step]:
    """A store that was away during a takedown holds what nobody shall see again."""
    seen = world.replicas.values()
    holding = {replica.cluster for replica in seen if wanted.barred.intersection(replica.snapshots)}
    yield from (RemoveBarred(cluster) for cluster in sorted(holding))


def _refused(world: World) -> Iterator[Step]:
    asked = {(seen.cluster, digest) for seen in world.replicas.values() for digest in seen.refused}
    yield from (RepairBody(cluster, digest) for cluster, digest in sorted(asked))


def _lacking(world: World, wanted: Wanted) -> Iterator[Step]:
    if wanted.snapshot is None:
        return
    seen = [replica for replica in world.replicas.values() if replica.answers]
    lacking = {replica.cluster for replica in seen if wanted.snapshot not in replica.snapshots}
    yield from (RefillStore(cluster, wanted.snapshot) for cluster in sorted(lacking))


def _guard(world: World) -> Iterator[Step]:
    if not world.guard_alive:
        yield StartGuard()


def _helpers(world: World, wanted: Wanted, memory: Memory) -> Iterator[Step]:
    """A helper that hangs or is down never touches what serves."""
    for name, seen in world.helpers.items():
        if seen.hung:
            yield KillHelper(name)
        elif seen.alive or (seen.waits and wanted.snapshot is None):
            continue
        elif judge.wait_before_start(memory, name, world.now) <= 0:
            yield StartHelper(name)
