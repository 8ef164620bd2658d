"""The keeper's status by hand, for tests without a keeper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SNAPSHOT = "3f9a2c71" + "0" * 56


def healthy(
    pids: Mapping[str, int], *, clusters: tuple[str, ...] = ("a", "b"), replicas: int = 2
) -> dict[str, Any]:
    """Everything is up; a part that `pids` doesn't name has the pid 1."""
    return {
        "address": "https://localhost:8443/",
        "http": "http://localhost:8080/",
        "snapshot": SNAPSHOT,
        "since": 1000.0,
        "edge": {
            "pid": pids.get("edge", 1),
            "state": "up",
            "requests": 120_000,
            "rate": 1204.0,
            "connections": 12,
            "cache_hits": 118_000,
            "errors": 0,
        },
        "keeper": {"pid": pids.get("keeper", 1), "state": "up", "tick_ms": 3.0},
        "guard": {"pid": pids.get("guard", 1)},
        "mirror": {**_replica("mirror", pids), "snapshot_age_s": 0.0, "behind": False},
        "clusters": [
            {
                "name": name,
                "state": "up",
                "drained": False,
                "replicas": [_replica(f"{name}{number}", pids) for number in range(1, replicas + 1)],
            }
            for name in clusters
        ],
        "findings": [],
        "orders": [],
    }


def _replica(name: str, pids: Mapping[str, int]) -> dict[str, Any]:
    return {"name": name, "pid": pids.get(name, 1), "state": "up", "restarts": 0, "since": 1000.0}
