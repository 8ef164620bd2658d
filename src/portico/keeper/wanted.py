"""What is wanted: the settings, and what orders changed since. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portico.config.models import Clusters
from portico.keeper.world import Wanted


def wanted_of(clusters: Clusters, remembered: Mapping[str, Any]) -> Wanted:
    """`remembered` holds the ledger's `wanted` values: snapshot, scale:NAME, drained:NAME, held."""
    names = tuple(clusters.names)
    return Wanted(
        clusters=names,
        replicas={
            name: min(remembered.get(scale(name), clusters.replicas), clusters.max_replicas) for name in names
        },
        drained=frozenset(name for name in names if remembered.get(drained(name))),
        snapshot=remembered.get("snapshot"),
        held=frozenset(remembered.get("held") or ()),
    )


def scale(cluster: str) -> str:
    return f"scale:{cluster}"


def drained(cluster: str) -> str:
    return f"drained:{cluster}"
