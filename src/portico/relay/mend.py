"""Copies posts that one cluster alone has to another one, as soon as that takes them."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from portico.kit.errors import PorticoError
from portico.relay.waiting import Cluster


def copy_alone(clusters: Sequence[Cluster]) -> int:
    """How many are no longer alone."""
    copied = 0
    for cluster in clusters:
        others = [other for other in clusters if other is not cluster]
        for name in cluster.posts.alone():
            copied += _copy(cluster, name, others)
    return copied


def _copy(cluster: Cluster, name: str, others: Sequence[Cluster]) -> bool:
    with contextlib.suppress(FileNotFoundError):  # delivered meanwhile
        data = cluster.posts.read(name)
        for other in others:
            if _takes(other, name, data):
                cluster.posts.copied(name)
                return True
    return False


def _takes(other: Cluster, name: str, data: bytes) -> bool:
    try:
        other.copies.append(name, data)
    except (OSError, PorticoError):  # its disk is full or gone: tried again
        return False
    return True
