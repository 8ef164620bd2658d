"""What is off, told in sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from portico.keeper.world import Memory, ReplicaSeen, Wanted, World
from portico.model import MIRROR, Finding, Health, Severity

KEEPS_DYING = 5
"""So many starts within `DYING_WINDOW_S` seconds are a finding, and the waits between them grow."""

DYING_WINDOW_S = 60.0
LONGEST_WAIT_S = 30.0
MIRROR_LATE_S = 120.0


def health(world: World, wanted: Wanted, memory: Memory, name: str) -> Health:
    """How a replica is, in the word that people and scripts read."""
    seen = world.replicas.get(name)
    if seen is None or not seen.alive:
        return Health.WAITING if wait_before_start(memory, name, world.now) > 0 else Health.DOWN
    if seen.hung:
        return Health.HUNG
    if not seen.answered:
        return Health.STARTING
    out = seen.cluster in wanted.drained or name in wanted.ejected
    return Health.DRAINED if out else Health.UP


def cluster_state(world: World, wanted: Wanted, memory: Memory, cluster: str) -> str:
    """One of up, degraded, down, drained."""
    states = [health(world, wanted, memory, name) for name, of in wanted.names().items() if of == cluster]
    if cluster in wanted.drained or all(state is Health.DRAINED for state in states):
        return "drained"
    if all(state is Health.UP for state in states):
        return "up"
    return "degraded" if Health.UP in states else "down"


def recent_starts(memory: Memory, name: str, now: float) -> int:
    return sum(1 for at in memory.starts.get(name, ()) if now - at < DYING_WINDOW_S)


def wait_before_start(memory: Memory, name: str, now: float) -> float:
    """Seconds until a replica may be started again: at once the first times, then growing waits."""
    starts = recent_starts(memory, name, now)
    if starts < KEEPS_DYING:
        return 0.0
    pause = min(LONGEST_WAIT_S, 2.0 ** (starts - KEEPS_DYING))
    return max(0.0, memory.starts[name][-1] + pause - now)


def checker_is_wrong(world: World) -> bool:
    """Several replicas run and not one of them answers: rather our asking is broken than all of them."""
    running = [seen for seen in world.replicas.values() if seen.alive]
    return len(running) > 1 and all(seen.hung for seen in running)


def findings(world: World, wanted: Wanted, memory: Memory) -> dict[str, Finding]:
    return {finding.key: finding for finding in _findings(world, wanted, memory)}


def mirror_behind(age_s: float | None) -> dict[str, Finding]:
    """What to tell of a mirror that has lacked the live snapshot for `age_s` seconds."""
    if age_s is None or age_s <= MIRROR_LATE_S:
        return {}
    sentence = f"The mirror has lacked the live snapshot for {age_s:.0f} s; it is being copied there."
    return {"mirror-behind": Finding("mirror-behind", Severity.WARNING, sentence)}


def _findings(world: World, wanted: Wanted, memory: Memory) -> Iterator[Finding]:
    if checker_is_wrong(world):
        yield Finding(
            "everything-fails",
            Severity.CRITICAL,
            "Every replica runs and none answers: the keeper takes its own check to be wrong, keeps routing,"
            " and restarts nothing. Look yourself.",
        )
    if not world.edge.alive and world.edge.pid is not None:
        yield Finding("edge-down", Severity.CRITICAL, "The edge doesn't run; it is being started.")
    for cluster in wanted.clusters:
        state = cluster_state(world, wanted, memory, cluster)
        if state == "down" and not _starts_for_the_first_time(wanted, memory, cluster):
            yield Finding(
                f"cluster-down:{cluster}",
                Severity.CRITICAL,
                f"No replica of cluster {cluster} answers.",
                {"cluster": cluster},
            )
    for name in wanted.names():
        yield from _of_replica(world, wanted, memory, name)


def _starts_for_the_first_time(wanted: Wanted, memory: Memory, cluster: str) -> bool:
    names = [name for name, of in wanted.names().items() if of == cluster]
    return all(len(memory.starts.get(name, ())) <= 1 and not memory.restarts.get(name) for name in names)


def _of_replica(world: World, wanted: Wanted, memory: Memory, name: str) -> Iterator[Finding]:
    seen = world.replicas.get(name)
    starts = recent_starts(memory, name, world.now)
    if starts > KEEPS_DYING:
        yield Finding(
            f"replica-keeps-dying:{name}",
            Severity.WARNING,
            f"Replica {name} was started {starts} times in {DYING_WINDOW_S:.0f} s;"
            f" the waits between the starts grow. Its log: portico logs {name}",
            {"cluster": wanted.names()[name], "replica": name},
        )
    if seen:
        yield from _of_process(seen)


def _of_process(seen: ReplicaSeen) -> Iterator[Finding]:
    where = "the mirror" if seen.cluster == MIRROR else f"cluster {seen.cluster}"
    if seen.hung:
        yield Finding(
            f"replica-hung:{seen.name}",
            Severity.WARNING,
            f"Replica {seen.name} runs but doesn't answer.",
            {"cluster": seen.cluster, "replica": seen.name},
        )
    for digest in seen.refused:
        yield Finding(
            f"body-refused:{seen.cluster}:{digest[:12]}",
            Severity.WARNING,
            f"A body in the store of {where} is not what its hash says ({digest[:12]});"
            " it is refused and repaired from another store.",
            {"cluster": seen.cluster},
        )
