"""What the keeper knows when it decides: what was seen, what is wanted, what it remembers. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portico import model
from portico.config import pace
from portico.model import MIRROR, Digest


@dataclass(frozen=True, slots=True)
class ReplicaSeen:
    """A replica's process as it is now. `silent_s` is the time since its last answer, or since its start."""

    name: str
    cluster: str
    pid: int | None = None
    alive: bool = False
    answered: bool = False
    silent_s: float = 0.0
    refused: tuple[Digest, ...] = ()
    snapshots: tuple[Digest, ...] = ()

    @property
    def answers(self) -> bool:
        return self.alive and self.answered and self.silent_s <= pace.REPLICA_SILENT_S

    @property
    def hung(self) -> bool:
        patience = pace.REPLICA_SILENT_S if self.answered else pace.STARTING_S
        return self.alive and self.silent_s > patience


@dataclass(frozen=True, slots=True)
class ServerSeen:
    """A replica as the edge sees it: `admin` is ready, drain or maint; `sessions` are requests in flight."""

    up: bool
    admin: str
    sessions: int = 0


@dataclass(frozen=True, slots=True)
class EdgeSeen:
    """`servers` is None while the edge's runtime API doesn't answer; `live` is the map's snapshot.

    `shield` says whether its limits are tight, None where it doesn't say.
    """

    pid: int | None = None
    alive: bool = False
    servers: Mapping[str, ServerSeen] | None = None
    live: Digest | None = None
    silent_s: float = 0.0
    shield: bool | None = None

    @property
    def hung(self) -> bool:
        return self.alive and self.silent_s > pace.EDGE_SILENT_S


@dataclass(frozen=True, slots=True)
class HelperSeen:
    """A process beside the serving ones. `silent_s` since its last sign of life, or since its start.

    `waits` says that its start is left until something is live: the first seconds belong to the site.
    """

    pid: int | None = None
    alive: bool = False
    answered: bool = False
    silent_s: float = 0.0
    patience_s: float = 10.0
    waits: bool = True

    @property
    def hung(self) -> bool:
        return self.alive and self.silent_s > self.patience_s


@dataclass(frozen=True, slots=True)
class World:
    """One look at everything. `now` in seconds since the epoch; `helpers` are those that shall run."""

    now: float
    replicas: Mapping[str, ReplicaSeen]
    edge: EdgeSeen
    guard_alive: bool = True
    helpers: Mapping[str, HelperSeen] = field(default_factory=dict)

    def of(self, cluster: str) -> list[ReplicaSeen]:
        return [replica for replica in self.replicas.values() if replica.cluster == cluster]

    def serves(self, name: str) -> bool:
        """Whether the replica answers and the edge sends it visitors."""
        seen = self.replicas.get(name)
        server = (self.edge.servers or {}).get(name)
        return bool(seen and seen.answers and server and server.up and server.admin == "ready")

    def healthy(self, cluster: str) -> bool:
        return any(self.serves(replica.name) for replica in self.of(cluster))


@dataclass(frozen=True, slots=True)
class Wanted:
    """`replicas` and `drained` by cluster. `snapshot` is what visitors shall see."""

    clusters: tuple[str, ...]
    replicas: Mapping[str, int]
    drained: frozenset[str] = frozenset()
    snapshot: Digest | None = None
    held: frozenset[str] = frozenset()
    """Replicas that a rolling restart has taken out; healing leaves them to it."""
    ejected: frozenset[str] = frozenset()
    """Replicas that run and get no visitors, because they answered badly."""
    shield_until: float = 0.0
    mirror_only: bool = False
    """Every cluster is drained, too, so that the mirror alone answers."""
    barred: frozenset[Digest] = frozenset()
    """Snapshots that were taken down: no store may hold them."""

    def names(self) -> dict[str, str]:
        """The replicas that shall run, with their cluster; the mirror is one of them."""
        wanted = {name: c for c in self.clusters for name in model.slots(c, self.replicas[c])}
        return {**wanted, MIRROR: MIRROR}


@dataclass(frozen=True, slots=True)
class Memory:
    """What the keeper remembers over its own restarts. Times in seconds since the epoch."""

    starts: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """When each replica was started of late, the oldest first."""
    restarts: Mapping[str, int] = field(default_factory=dict)
    touched: Mapping[str, float] = field(default_factory=dict)
    """When something that ran in a cluster was last taken away by an automatic step."""
