"""What sort of trouble a member of an incident is, and where: by its alert's name and its data. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

from portico.ledger.incidents import Member
from portico.model import MIRROR


class Kind(StrEnum):
    """`SYMPTOM` is what visitors and looks notice, all others may be why."""

    CHECKER = "checker"
    MACHINE = "machine"
    EDGE = "edge"
    SERVING = "serving"
    STORE = "store"
    CERTIFICATE = "certificate"
    WATCHING = "watching"
    SYMPTOM = "symptom"
    OTHER = "other"


_BY_NAME = (
    (Kind.CHECKER, ("checker-wrong", "everything-fails")),
    (Kind.MACHINE, ("host-", "disk-", "inode", "memory-", "cpu-", "pressure-", "file-handles", "clock-")),
    (Kind.EDGE, ("edge-", "shield-")),
    (Kind.SERVING, ("replica-", "cluster-", "mirror-down", "step-failed")),
    (Kind.STORE, ("body-", "store-", "mirror-", "chore-")),
    (Kind.CERTIFICATE, ("certificate-", "probe-certificate")),
    (Kind.SYMPTOM, ("slo-", "budget-", "probe-", "site-", "anomaly")),
    (
        Kind.WATCHING,
        ("rule-", "series-", "collector-", "keeper-", "watcher-", "probes-", "channel-", "message-"),
    ),
)
"""The first beginning that fits; a name that says more stands before one that says less."""

SLOW = ("slo-", "budget-")
"""Symptoms that show only after minutes, and last for hours after their cause."""

ORDER = tuple(Kind)
"""Nearer to a cause first."""


def of(member: Member) -> Kind:
    named = ((kind, start) for kind, starts in _BY_NAME for start in starts if member.alert.startswith(start))
    return max(named, key=lambda found: len(found[1]), default=(Kind.OTHER, ""))[0]


def clusters(member: Member) -> frozenset[str]:
    """The clusters that it is about; the mirror counts as one. Empty when it is about the whole site."""
    if cluster := member.data.get("cluster"):
        return frozenset({str(cluster)})
    place = str(member.data.get("replica") or member.key.partition(":")[2].partition(":")[0])
    if of(member) not in {Kind.SERVING, Kind.STORE} or not place:
        return frozenset({MIRROR}) if member.alert.startswith("mirror-") else frozenset()
    found = re.fullmatch(r"([a-z](?:[a-z0-9-]*[a-z])?)\d*", place)
    return frozenset({found[1]}) if found else frozenset()


def replica(member: Member) -> str | None:
    if named := member.data.get("replica"):
        return str(named)
    place = member.key.partition(":")[2]
    return place if member.alert.startswith("replica-") and place else None
