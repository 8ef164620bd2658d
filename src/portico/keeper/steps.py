"""The changes that healing makes to the world, as values; `hands` carries them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from portico.model import Digest

Admin = Literal["ready", "drain", "maint"]
"""A server's administrative state at the edge, in HAProxy's words."""


@dataclass(frozen=True, slots=True)
class StartReplica:
    name: str
    cluster: str


@dataclass(frozen=True, slots=True)
class KillReplica:
    """End a replica that runs but doesn't answer; the next tick starts it again."""

    name: str
    cluster: str


@dataclass(frozen=True, slots=True)
class StopReplica:
    """End a replica that is not wanted any more and gets no visitors."""

    name: str
    cluster: str


@dataclass(frozen=True, slots=True)
class StartEdge:
    pass


@dataclass(frozen=True, slots=True)
class KillEdge:
    """End an edge that runs but doesn't answer; the next tick starts it again."""


@dataclass(frozen=True, slots=True)
class SetServer:
    """Tell the edge whether a replica gets visitors."""

    name: str
    admin: Admin


@dataclass(frozen=True, slots=True)
class PointEdge:
    """Make the edge's map say what is wanted."""

    snapshot: Digest


@dataclass(frozen=True, slots=True)
class RepairBody:
    """Replace a refused body in a cluster's store by a good copy from another store."""

    cluster: str
    digest: Digest


@dataclass(frozen=True, slots=True)
class RefillStore:
    """Copy the live snapshot to a store that lost it, or never had it."""

    cluster: str
    snapshot: Digest


@dataclass(frozen=True, slots=True)
class CollectGarbage:
    """Remove the snapshots that are out of retention from every store, and what no other one names.

    A store that keeps all its snapshots is left alone, unless `thorough`: what was taken down left bodies.
    """

    thorough: bool = False


@dataclass(frozen=True, slots=True)
class SetShield:
    """Tighten the edge's limits, or put the usual ones back."""

    on: bool


@dataclass(frozen=True, slots=True)
class ReloadEdge:
    """Swap the edge's workers seamlessly; the new one begins with an empty cache."""


@dataclass(frozen=True, slots=True)
class RepairStore:
    """Hold the snapshot in a store against its hashes, and replace what is wrong. `order` asked for it."""

    cluster: str
    snapshot: Digest
    order: int


@dataclass(frozen=True, slots=True)
class Renew:
    """Have a new certificate, and show it."""

    order: int


@dataclass(frozen=True, slots=True)
class FreeDisk:
    """Delete whatever invariants don't need."""

    order: int


@dataclass(frozen=True, slots=True)
class TakeDown:
    """Have every store acknowledge that nothing from before `at`, when it was ordered, answers `paths`."""

    order: int
    paths: tuple[str, ...]
    at: float


@dataclass(frozen=True, slots=True)
class RemoveBarred:
    """Remove from a store what was taken down while it was away."""

    cluster: str


@dataclass(frozen=True, slots=True)
class StartGuard:
    pass


@dataclass(frozen=True, slots=True)
class StartHelper:
    """Start the watcher, the studio or another process beside the serving ones."""

    name: str


@dataclass(frozen=True, slots=True)
class KillHelper:
    """End a helper that shows no life; the next tick starts it again."""

    name: str


@dataclass(frozen=True, slots=True)
class StartDrill:
    """Break something on purpose: `what` is drill or alert, `terms` are rate and seconds where given."""

    what: str
    name: str
    terms: tuple[tuple[str, float], ...] = ()


Step = (
    StartReplica
    | KillReplica
    | StopReplica
    | StartEdge
    | KillEdge
    | SetServer
    | PointEdge
    | RepairBody
    | RefillStore
    | CollectGarbage
    | SetShield
    | ReloadEdge
    | RepairStore
    | Renew
    | FreeDisk
    | TakeDown
    | RemoveBarred
    | StartGuard
    | StartHelper
    | KillHelper
    | StartDrill
)

JOBS = (RepairStore, Renew, FreeDisk, TakeDown)
"""Chores that an order asked for, and which say in the ledger how they ended."""

CHORES = (RepairBody, RefillStore, RemoveBarred, CollectGarbage, *JOBS)
"""Steps that may take long: they run beside the tick, one of a kind at a time."""
