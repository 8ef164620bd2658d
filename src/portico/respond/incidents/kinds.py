"""What sort of trouble a member of an incident is, and where: by its alert's name and its data. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

from portico.ledger.incidents import Member
from portico.model import MIRROR
from portico.watch.alerts.table import ALERTS


class Kind(StrEnum):
    """`SYMPTOM` is what visitors and looks notice, all others may be why.

    `TAMPERING` is told apart from whatever else goes on: nothing else makes our pages somebody else's.
    """

    CHECKER = "checker"
    MACHINE = "machine"
    EDGE = "edge"
    LOAD = "load"
    SERVING = "serving"
    STORE = "store"
    CERTIFICATE = "certificate"
    WATCHING = "watching"
    TAMPERING = "tampering"
    SYMPTOM = "symptom"
    OTHER = "other"


_BY_NAME = {
    Kind.CHECKER: ("checker-wrong", "everything-fails"),
    Kind.MACHINE: ("stack-", "host-", "disk-", "inodes-", "memory-", "file-handles-"),
    Kind.EDGE: ("edge-",),
    Kind.LOAD: ("edge-flood", "edge-queue", "edge-connections-"),
    Kind.SERVING: ("replica-", "cluster-", "step-"),
    Kind.STORE: ("body-", "mirror-", "chore-", "store-"),
    Kind.CERTIFICATE: ("certificate-",),
    Kind.WATCHING: (
        "rule-",
        "series-",
        "keeper-",
        "guard-",
        "watch",
        "probe-place-",
        "notify-",
        "oncall-",
        "dead-mans-",
    ),
    Kind.TAMPERING: ("page-defaced", "page-injected"),
    Kind.SYMPTOM: (
        *("site-", "page-", "redirect-", "slo-", "budget-", "anomaly", "edge-errors"),
        *("visitors-", "journey-"),
    ),
}
"""Beginnings of alerts' names; the longest that fits counts."""

_KINDS = {start: kind for kind, starts in _BY_NAME.items() for start in starts}

_NAME_THEIR_PLACE = ("replica-", "cluster-", "body-")

SLOW = ("slo-", "budget-", "visitors-")
"""Symptoms that show only after minutes, and last for hours after their cause."""

SEEN_S = 10.0
"""What the keeper looks at all the time is found sooner than looks from outside are sure of what they see."""

_ALWAYS_LOOKED_AT = frozenset({Kind.EDGE, Kind.SERVING})

NOTICED_S = 60.0
"""What is measured or looked for once in a while is noticed later, though it began earlier."""

ORDER = tuple(Kind)
"""Nearer to a cause first."""


def of(member: Member) -> Kind:
    fitting = {start: kind for start, kind in _KINDS.items() if member.alert.startswith(start)}
    return fitting[max(fitting, key=len)] if fitting else Kind.OTHER


def clusters(member: Member) -> frozenset[str]:
    """The clusters that it is about; the mirror counts as one. Empty when it is about the whole site."""
    if cluster := member.data.get("cluster"):
        return frozenset({str(cluster)})
    if member.alert.startswith("mirror-"):
        return frozenset({MIRROR})
    if not member.alert.startswith(_NAME_THEIR_PLACE):
        return frozenset()
    place = str(member.data.get("replica") or (*member.key.split(":"), "")[1])
    found = re.fullmatch(r"([a-z](?:[a-z0-9-]*[a-z])?)\d*", place)
    return frozenset({found[1]}) if found else frozenset()


def replica(member: Member) -> str | None:
    if named := member.data.get("replica"):
        return str(named)
    place = member.key.partition(":")[2]
    return place if member.alert.startswith("replica-") and place else None


def delay(member: Member) -> float:
    """So many seconds after it began it may have been found."""
    alert = ALERTS.get(member.alert)
    kept = member.data.get("mended") or (alert and alert.source == "keeper")
    return SEEN_S if kept and of(member) in _ALWAYS_LOOKED_AT else NOTICED_S
