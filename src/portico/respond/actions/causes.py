"""Which findings call for which action: the only place that knows the alerts' names."""

from __future__ import annotations

from portico.model import Severity
from portico.respond.actions.situation import Open, Situation

ERRING = frozenset({"replica-errors", "replica-slow"})
"""A replica answers visitors badly."""

GROWING = frozenset({"replica-memory", "replica-handles"})
"""A replica takes more and more, and a new process doesn't."""

FLOODED = frozenset({"edge-flood", "edge-connections", "edge-queue", "edge-denied"})
FULL = frozenset({"disk-full", "disk-filling", "inodes-full"})
SPOILT = frozenset({"body-refused", "store-damaged", "probe-content"})
"""What a store holds, or what comes out of it, isn't what was signed."""

CERTIFICATE = frozenset({"certificate-expiring", "certificate-wrong"})
FELT = ("probe-", "slo-")
"""How the names of the alerts begin that visitors feel."""

HANDS_OFF = "hands_off"
EVERYTHING_FAILS = frozenset({"everything-fails", "checker-wrong"})


def real(one: Open) -> bool:
    """Not practised: a drill's finding goes to people, never to actions."""
    return not one.finding.data.get("drill")


def forbids(one: Open) -> bool:
    """While this is open nothing is done by itself: the checks are wrong, or a person said so."""
    return one.finding.alert in EVERYTHING_FAILS or bool(one.finding.data.get(HANDS_OFF))


def felt(one: Open) -> bool:
    return one.finding.alert.startswith(FELT) and one.finding.severity is Severity.CRITICAL


def first(now: Situation, alerts: frozenset[str]) -> Open | None:
    """The oldest open finding of these alerts."""
    return next((one for one in now.open if one.finding.alert in alerts), None)
