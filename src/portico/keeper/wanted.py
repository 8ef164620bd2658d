"""What is wanted: the settings, and what orders changed since. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from portico.config.models import Clusters
from portico.keeper.world import Wanted
from portico.model import Digest

SHIELD = "shield"
"""Until when the edge's limits are tight, seconds since the epoch; 0 for off."""

MIRROR_ONLY = "mirror_only"

BARRED = "barred"
"""Snapshots that no store may hold any more, each with the one that takes its place, or None."""

MOST_BARRED = 1000


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
        barred=frozenset(barred(remembered)),
    )
    return replace(
        wanted, ejected=frozenset(name for name in wanted.names() if remembered.get(ejected(name)))
    )


def barred(remembered: Mapping[str, Any]) -> dict[Digest, Digest | None]:
    return dict(remembered.get(BARRED) or {})


def barring(
    known: Mapping[Digest, Digest | None], more: Mapping[Digest, Digest | None]
) -> dict[Digest, Digest | None]:
    """Those known and `more`, what replaced one that is barred now replaced as well; the newest thousand."""
    moved = {old: more.get(new, new) if new else None for old, new in known.items() if old not in more}
    return dict(list({**moved, **more}.items())[-MOST_BARRED:])


def scale(cluster: str) -> str:
    return f"scale:{cluster}"


def drained(cluster: str) -> str:
    return f"drained:{cluster}"


def ejected(replica: str) -> str:
    return f"ejected:{replica}"
