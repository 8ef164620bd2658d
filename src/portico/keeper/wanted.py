"""What is wanted: the settings, and what orders changed since. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from portico.config.models import Clusters
from portico.keeper.world import Wanted

SHIELD = "shield"
"""Until when the edge's limits are tight, seconds since the epoch; 0 for off."""

MIRROR_ONLY = "mirror_only"


def wanted_of(clusters: Clusters, remembered: Mapping[str, Any]) -> Wanted:
    """`remembered` holds the ledger's `wanted` values by the keys below, snapshot and held."""
    names = tuple(clusters.names)
    mirror_only = bool(remembered.get(MIRROR_ONLY))
    wanted = Wanted(
        clusters=names,
        replicas={
            name: min(remembered.get(scale(name), clusters.replicas), clusters.max_replicas) for name in names
        },
        drained=frozenset(name for name in names if mirror_only or remembered.get(drained(name))),
        snapshot=remembered.get("snapshot"),
        held=frozenset(remembered.get("held") or ()),
        shield_until=float(remembered.get(SHIELD) or 0.0),
        mirror_only=mirror_only,
    )
    return replace(
        wanted, ejected=frozenset(name for name in wanted.names() if remembered.get(ejected(name)))
    )


def scale(cluster: str) -> str:
    return f"scale:{cluster}"


def drained(cluster: str) -> str:
    return f"drained:{cluster}"


def ejected(replica: str) -> str:
    return f"ejected:{replica}"
