"""What a procedure looks at, and what it answers: the next move of an order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portico.keeper.steps import Step
from portico.keeper.world import Wanted, World
from portico.model import Digest, Order

PATIENCE_S = 60.0
"""How long a scale or an undrain may take before it is told as failed; healing goes on all the same."""


@dataclass(frozen=True, slots=True)
class Move:
    """What to do now for an order: change `want`, take `steps`, remember `progress`, or end it.

    `touched` names the cluster from which something that runs is taken away by this move.
    """

    progress: Mapping[str, Any] = field(default_factory=dict)
    want: Mapping[str, Any] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    touched: str = ""
    done: bool = False
    result: Mapping[str, Any] = field(default_factory=dict)
    why: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What the procedures look at. `most` is the number of slots of a cluster.

    `touched` says when something was last taken away from a cluster by itself, `job` what the work beside
    the tick last said of itself; `barred` are the snapshots that were taken down, with what replaced them.
    """

    world: World
    wanted: Wanted
    soak_s: float
    most: int
    touched: Mapping[str, float] = field(default_factory=dict)
    job: Mapping[str, Any] = field(default_factory=dict)
    barred: Mapping[Digest, Digest | None] = field(default_factory=dict)


Procedure = Callable[[Order, Mapping[str, Any], Situation], Move]


def unknown_cluster(cluster: object, now: Situation) -> Move:
    return Move(why=f"there is no cluster {cluster!r}", hint=f"one of {', '.join(now.wanted.clusters)}")


def out_of_service(name: str, now: Situation) -> bool:
    """Whether the edge shall send the replica nothing: its cluster is drained, or it is ejected."""
    return name in now.wanted.ejected or now.wanted.names().get(name) in now.wanted.drained
