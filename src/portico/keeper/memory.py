"""What the keeper remembers of its own steps, and how that survives a restart of the keeper. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from portico.keeper import judge, steps
from portico.keeper.world import Memory


def after(memory: Memory, step: steps.Step, now: float) -> Memory:
    """The memory once `step` was taken."""
    match step:
        case steps.StartReplica(name=name):
            return _started(memory, name, now)
        case steps.StartHelper(name=name):
            return _started(memory, name, now)
        case steps.KillReplica(cluster=cluster):
            return replace(memory, touched={**memory.touched, cluster: now})
        case steps.StopReplica(name=name):
            return replace(memory, starts={key: at for key, at in memory.starts.items() if key != name})
        case _:
            return memory


def _started(memory: Memory, name: str, now: float) -> Memory:
    recent = tuple(at for at in memory.starts.get(name, ()) if now - at < judge.DYING_WINDOW_S)
    known = name in memory.restarts
    return replace(
        memory,
        starts={**memory.starts, name: (*recent, now)},
        restarts={**memory.restarts, name: memory.restarts.get(name, 0) + 1 if known else 0},
    )


def touched(memory: Memory, cluster: str, now: float) -> Memory:
    """The memory once an action took something away from a cluster."""
    return replace(memory, touched={**memory.touched, cluster: now})


def dump(memory: Memory) -> dict[str, Any]:
    return asdict(memory)


def load(values: Mapping[str, Any] | None) -> Memory:
    if not values:
        return Memory()
    starts = {name: tuple(times) for name, times in values["starts"].items()}
    return Memory(starts, dict(values["restarts"]), dict(values["touched"]))
