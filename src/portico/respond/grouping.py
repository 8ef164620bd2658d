"""Which incident a trouble belongs to: the same cause, the same place, the same minutes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portico.ledger.incidents import Incident, Member
from portico.respond import kinds
from portico.respond.kinds import Kind

NEAR_S = 120.0
"""Troubles that began so close to each other may have one cause."""

COMMON_S = 30.0
"""Troubles of different clusters, which share nothing, must be closer."""

PLACE_S = 3600.0
"""What befalls the same place is another story after so long, even while the first goes on."""

SLOW_S = 3600.0
EVIDENCE_S = 600.0
MOST_EVIDENCE = 20
REOPEN_S = 300.0
"""An incident that comes again so soon is the same one."""

LONGEST = 100
"""One with so many troubles isn't opened again: what never ends is told anew now and then."""

QUIET_S = 30.0
"""It is closed when all was over for so long."""

_ALIKE = frozenset(
    {Kind.CHECKER, Kind.MACHINE, Kind.EDGE, Kind.LOAD, Kind.CERTIFICATE, Kind.SYMPTOM, Kind.TAMPERING}
)
"""Kinds of which several at a time are rather one trouble than several."""

_TOGETHER = {
    frozenset({Kind.CHECKER, Kind.SYMPTOM}),
    frozenset({Kind.CHECKER, Kind.SERVING}),
    frozenset({Kind.CERTIFICATE, Kind.SYMPTOM}),
    frozenset({Kind.STORE, Kind.SYMPTOM}),
    frozenset({Kind.SERVING, Kind.SYMPTOM}),
    frozenset({Kind.EDGE, Kind.SYMPTOM}),
    frozenset({Kind.EDGE, Kind.SERVING}),
    frozenset({Kind.LOAD, Kind.SYMPTOM}),
    frozenset({Kind.LOAD, Kind.SERVING}),
    frozenset({Kind.LOAD, Kind.EDGE}),
    *(
        frozenset({Kind.MACHINE, kind})
        for kind in (Kind.SERVING, Kind.STORE, Kind.EDGE, Kind.LOAD, Kind.SYMPTOM, Kind.WATCHING)
    ),
}
"""Kinds that one may be the cause of the other."""


def home(trouble: Member, incidents: Iterable[Incident]) -> Incident | None:
    """The incident that the trouble joins, of those that are open or were closed a moment ago."""
    fitting = [(_fit(trouble, incident), incident) for incident in incidents]
    best = max(fitting, key=lambda found: (found[0], found[1].opened), default=(0, None))
    return best[1] if best[0] else None


def evidence(found: Sequence[Member], trouble: Member) -> list[Member]:
    """What was noticed around a new incident's first trouble, and explains it perhaps."""
    near = [
        one
        for one in found
        if one.evidence and one.practice == trouble.practice and abs(one.since - trouble.since) <= EVIDENCE_S
    ]
    return near[:MOST_EVIDENCE]


def is_over(incident: Incident, now: float) -> bool:
    """Whether nothing but evidence went on for a while."""
    overs = [member.over for member in incident.members if not member.evidence]
    return all(over is not None and now - over >= QUIET_S for over in overs)


def inhibitor(trouble: Member, members: Iterable[Member]) -> str | None:
    """The key of what says the same of a larger part: a cluster that is down swallows its replicas."""
    if not trouble.alert.startswith("replica-"):
        return None
    where = kinds.clusters(trouble)
    swallowing = (
        one
        for one in members
        if one.alert == "cluster-down" and one.over is None and kinds.clusters(one) & where
    )
    return next((one.key for one in swallowing), None)


def _fit(trouble: Member, incident: Incident) -> int:
    """0 when it doesn't belong there; the same trouble fits best, then the same place, then a cause."""
    late = incident.closed is not None and trouble.since - incident.closed > REOPEN_S
    long = incident.closed is not None and len(incident.members) >= LONGEST
    if late or long or (trouble.evidence and not incident.open):
        return 0
    members = incident.members
    if any(one.practice != trouble.practice for one in members):
        return 0
    if trouble.evidence:
        near = any(_apart(trouble, one) <= EVIDENCE_S for one in members)
        room = sum(1 for one in members if one.evidence) < MOST_EVIDENCE
        return int(near and room)
    if any(one.key == trouble.key and _apart(trouble, one) <= REOPEN_S for one in members):
        return 4
    return max((_match(trouble, one) for one in members if not one.evidence), default=0)


def _match(trouble: Member, one: Member) -> int:
    if _same_place(trouble, one) and _apart(trouble, one) <= (PLACE_S if one.over is None else REOPEN_S):
        return 3
    if _one_cause(trouble, one):
        return 2
    return 0


def _same_place(trouble: Member, one: Member) -> bool:
    if trouble.alert == one.alert:
        return kinds.clusters(trouble) == kinds.clusters(one)
    if {kinds.of(trouble), kinds.of(one)} <= {Kind.SERVING, Kind.STORE}:
        return bool(kinds.clusters(trouble) & kinds.clusters(one))
    return False


def _one_cause(trouble: Member, one: Member) -> bool:
    pair = frozenset({kinds.of(trouble), kinds.of(one)})
    if pair in ({Kind.SERVING}, {Kind.WATCHING}):
        return _apart(trouble, one) <= COMMON_S
    slow = trouble.alert.startswith(kinds.SLOW) or one.alert.startswith(kinds.SLOW)
    alike = len(pair) == 1 and pair <= _ALIKE
    return (alike or pair in _TOGETHER) and _apart(trouble, one) <= (SLOW_S if slow else NEAR_S)


def _apart(trouble: Member, one: Member) -> float:
    """Seconds between them; none while the other goes on only counts from its beginning."""
    ends = (one.since,) if one.over is None else (one.since, one.over)
    return min(abs(trouble.since - end) for end in ends)
