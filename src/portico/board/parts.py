"""Every process of the stack as its page tells it: its state, its numbers, its restarts, what it serves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portico.board.latest import Latest
from portico.board.state import State
from portico.model import CONSOLE, HELPERS, MIRROR, STUDIO

KINDS = {
    "edge": "takes every visitor's request and answers most of them from its cache",
    "keeper": "looks at the stack several times a second, and mends it; the only one who acts",
    "guard": "holds the listening sockets and starts the keeper again",
    MIRROR: "the last resort: serves the same snapshot, shares nothing with the clusters",
    "watcher": "measures, judges and tells people; it never acts on the stack",
    STUDIO: "where editors write",
    "freezer": "asks the studio what changed, freezes it and orders the publish",
    "relay": "takes what visitors sent out of the clusters' journals and into the studio",
    CONSOLE: "what you look at",
}
OTHERS = ("edge", "keeper", "guard", *HELPERS)


@dataclass(frozen=True, slots=True)
class Part:
    """Rates are a second's, times seconds, sizes bytes; None is what isn't measured, or not now."""

    name: str
    state: str
    kind: str = ""
    cluster: str = ""
    pid: int | None = None
    restarts: int = 0
    since: float | None = None
    memory: float | None = None
    cpu: float | None = None
    files: float | None = None
    rate: float | None = None
    answer_s: float | None = None
    refused: float | None = None

    @property
    def serves(self) -> bool:
        return bool(self.cluster)


@dataclass(frozen=True, slots=True)
class Held:
    """A store: of a cluster, of the mirror. `live` says whether it holds what visitors shall see."""

    live: bool | None = None
    snapshots: float | None = None
    free: float | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    name: str
    state: str
    wanted: float | None
    replicas: tuple[Part, ...]
    held: Held
    rate: float | None


@dataclass(frozen=True, slots=True)
class Stack:
    clusters: tuple[Cluster, ...]
    mirror: Part
    mirror_held: Held
    mirror_age_s: float | None
    others: tuple[Part, ...]
    snapshot: str | None
    since: float | None

    def find(self, name: str) -> Cluster | Part | None:
        replicas = [replica for cluster in self.clusters for replica in cluster.replicas]
        every: list[Cluster | Part] = [*self.clusters, *replicas, self.mirror, *self.others]
        return next((one for one in every if one.name == name), None)


@dataclass(frozen=True, slots=True)
class Rates:
    """What the last minute counted, a second: requests by replica, CPU by part."""

    requests: Mapping[str, float]
    cpu: Mapping[str, float]


def of(state: State, latest: Latest, rates: Rates) -> Stack:
    """The keeper's last look, with the watcher's last numbers beside it. Pure."""
    others = [
        _part({"name": name, **state[name]}, latest, rates)
        for name in OTHERS
        if state[name]["state"] != "off"
    ]
    return Stack(
        tuple(_cluster(one, latest, rates) for one in state["clusters"]),
        _part(state[MIRROR], latest, rates, MIRROR),
        _held(MIRROR, latest),
        state[MIRROR].get("snapshot_age_s"),
        tuple(others),
        state["snapshot"],
        state["since"],
    )


def _cluster(told: Mapping[str, Any], latest: Latest, rates: Rates) -> Cluster:
    name = str(told["name"])
    replicas = tuple(_part(one, latest, rates, name) for one in told["replicas"])
    known = [replica.rate for replica in replicas if replica.rate is not None]
    return Cluster(
        name,
        str(told["state"]),
        latest.value("portico_cluster_replicas", cluster=name),
        replicas,
        _held(name, latest),
        sum(known) if known else None,
    )


def _part(told: Mapping[str, Any], latest: Latest, rates: Rates, cluster: str = "") -> Part:
    name = str(told["name"])
    age = latest.value("portico_process_uptime_seconds", part=name)
    return Part(
        name,
        str(told["state"]),
        KINDS.get(name, f"a replica of cluster {cluster}"),
        cluster,
        told.get("pid"),
        int(told.get("restarts") or 0),
        told.get("since") or (latest.at - age if age is not None and latest.at else None),
        latest.value("portico_process_resident_memory_bytes", part=name),
        rates.cpu.get(name),
        latest.value("portico_process_open_files", part=name),
        rates.requests.get(name),
        latest.value("portico_edge_server_response_seconds", replica=name),
        latest.value("portico_replica_refused_files", replica=name),
    )


def _held(store: str, latest: Latest) -> Held:
    live = latest.value("portico_store_holds_live", store=store)
    return Held(
        None if live is None else live == 1,
        latest.value("portico_store_snapshots", store=store),
        latest.value("portico_store_free_bytes", store=store),
    )
