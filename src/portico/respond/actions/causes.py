"""Which findings call for which action: the only place that knows the alerts' names."""

from __future__ import annotations

from portico.model import Severity
from portico.respond.actions.situation import Open, Situation

ERRING = frozenset({"replica-errors"})
"""A replica answers visitors badly."""

GROWING = frozenset({"replica-memory"})
"""A replica takes more and more, and a new process doesn't."""

DOWN = frozenset({"cluster-down"})
"""Nothing of a cluster answers, so the edge sends it nobody."""

FLOODED = frozenset({"edge-flood", "edge-connections-near-limit"})
FULL = frozenset({"disk-low", "inodes-low"})
SPOILT = frozenset({"body-refused"})
CERTIFICATE = frozenset({"certificate-expiring", "certificate-chain"})
CLUSTER = "cluster-answers-wrong"
FELT = frozenset(
    {
        "edge-errors",
        "page-defaced",
        "page-injected",
        "redirect-wrong",
        "site-slow-outside",
        "site-unreachable",
        "slo-burning-fast",
    }
)
"""What visitors suffer from at the door, whichever cluster answers them."""

LASTS_S = 30.0
"""What is not critical is a passing thing before it lasted so long."""

HANDS_OFF = "hands_off"
EVERYTHING_FAILS = frozenset({"everything-fails", "checker-wrong"})


def real(one: Open) -> bool:
    """Not practised: a drill's finding goes to people, never to actions."""
    return not one.finding.data.get("drill")


def forbids(one: Open) -> bool:
    """While this is open nothing is done by itself: the checks are wrong, or a person said so."""
    return one.finding.alert in EVERYTHING_FAILS or bool(one.finding.data.get(HANDS_OFF))


def felt(one: Open) -> bool:
    """A page that is merely older than the live one is no publish's fault."""
    return one.finding.alert in FELT and one.finding.data.get("objective") != "freshness"


def suffering(now: Situation) -> dict[str, Open]:
    """The clusters that answer visitors wrongly, each with the finding that says so; the mirror is none."""
    return {
        one.cluster: one
        for one in now.open
        if one.finding.alert == CLUSTER and one.cluster in now.clusters and _counts(one, now)
    }


def _counts(one: Open, now: Situation) -> bool:
    return one.finding.severity is Severity.CRITICAL or now.now - one.since >= LASTS_S


def first(now: Situation, alerts: frozenset[str]) -> Open | None:
    """The oldest open finding of these alerts."""
    return next((one for one in now.open if one.finding.alert in alerts), None)
