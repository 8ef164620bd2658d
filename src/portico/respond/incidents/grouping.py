"""Which incident a trouble belongs to: the same cause, the same place, the same minutes. Pure.

A trouble joins by its place, or by the cause that it shares with an incident's first troubles; by what
joined later nothing joins, so that no incident grows link by link.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portico.ledger.incidents import Incident, Member
from portico.model import HELPERS, Severity
from portico.respond.incidents import kinds
from portico.respond.incidents.kinds import Kind

LULL_S = 10.0
"""After all was over for so long, what comes is told apart: it may have another cause."""

AT_ONCE_S = 5.0
"""What is struck within so few seconds has one cause, whatever it is."""

COMMON_S = 10.0
"""Clusters share nothing but the machine and the code: both show in all of them at the same time."""

NEAR_S = 120.0
"""A cause shows its effects within so long."""

LINGERS_S = 30.0
"""So long after its end it may still be felt."""

YOUNG_S = 600.0
"""After so long what comes has another cause, though the first goes on."""

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

_STRUCK = frozenset({Kind.CHECKER, Kind.MACHINE, Kind.EDGE, Kind.LOAD, Kind.SERVING, Kind.SYMPTOM})
_ONE_PLACE = frozenset({Kind.EDGE, Kind.LOAD, Kind.CERTIFICATE})
"""Kinds of which there is one place only."""

_PROCESSES = frozenset({"keeper", "guard", *HELPERS})
"""Processes of which there is one, by the first word of what befalls them."""

_ALIKE = frozenset({Kind.CHECKER, Kind.MACHINE, Kind.SYMPTOM, Kind.TAMPERING})
"""Kinds of which several at a time are rather one trouble than several."""

_EFFECTS = {
    Kind.CHECKER: {Kind.SYMPTOM, Kind.SERVING},
    Kind.MACHINE: {Kind.SERVING, Kind.STORE, Kind.EDGE, Kind.LOAD, Kind.SYMPTOM, Kind.WATCHING},
    Kind.LOAD: {Kind.SERVING, Kind.EDGE, Kind.MACHINE, Kind.SYMPTOM},
    Kind.SERVING: {Kind.LOAD, Kind.SYMPTOM},
    Kind.EDGE: {Kind.SYMPTOM},
    Kind.STORE: {Kind.SYMPTOM},
    Kind.CERTIFICATE: {Kind.SYMPTOM},
}
"""What each kind may be the cause of."""

_EVERYWHERE = frozenset({Kind.CHECKER, Kind.MACHINE, Kind.LOAD})
"""Causes that strike one cluster after the other."""

_BLIND_TO_THE_EDGE = "watch-blind:edge"
_TIRED = "host-"


def home(trouble: Member, incidents: Iterable[Incident]) -> Incident | None:
    """The incident that the trouble joins, of those that are open or were closed a moment ago."""
    fitting = [(_fit(trouble, incident), incident) for incident in incidents]
    best = max(fitting, key=lambda found: (found[0], found[1].opened), default=(0, None))
    return best[1] if best[0] else None


def episodes(members: Iterable[Member]) -> list[list[Member]]:
    """The troubles, without the evidence, of each time until all was over for a moment."""
    found: list[list[Member]] = []
    end = float("-inf")
    for one in sorted((one for one in members if not one.evidence), key=lambda one: one.since):
        if one.since - end > LULL_S:
            found.append([])
        found[-1].append(one)
        end = max(end, float("inf") if one.over is None else one.over)
    return found


def evidence(found: Sequence[Member], trouble: Member) -> list[Member]:
    """What was noticed around a new incident's first trouble, and explains it perhaps."""
    near = [
        one
        for one in found
        if one.evidence
        and one.key != trouble.key
        and one.practice == trouble.practice
        and abs(one.since - trouble.since) <= EVIDENCE_S
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
    """0 when it doesn't belong there. What goes on at the same place fits best, then one cause."""
    if not (incident.open or _may_come_again(incident, trouble.since)):
        return 0
    if any(one.practice != trouble.practice for one in incident.members):
        return 0
    if trouble.evidence:
        return int(_explains(trouble, incident))
    here = [one for one in incident.members if not one.evidence and _same_place(trouble, one)]
    if any(one.over is None and trouble.since - one.since <= _lasting(trouble, one) for one in here):
        return 3
    if _has_its_cause(trouble, incident):
        return 2
    return int(any(_apart(trouble, one) <= REOPEN_S for one in here))


def _may_come_again(incident: Incident, at: float) -> bool:
    """What was mended unseen is at its end: nobody was told of it, so nobody waits for more."""
    soon = incident.closed is not None and at - incident.closed <= REOPEN_S
    return soon and incident.severity is not Severity.INFO and len(incident.members) < LONGEST


def _explains(trouble: Member, incident: Incident) -> bool:
    near = any(_apart(trouble, one) <= EVIDENCE_S for one in incident.members)
    return incident.open and near and sum(one.evidence for one in incident.members) < MOST_EVIDENCE


def _same_place(trouble: Member, one: Member) -> bool:
    if trouble.key == one.key:
        return True
    pair = {kinds.of(trouble), kinds.of(one)}
    process = trouble.alert.partition("-")[0]
    if (len(pair) == 1 and pair <= _ONE_PLACE) or process in {one.alert.partition("-")[0]} & _PROCESSES:
        return True
    where = kinds.clusters(trouble) & kinds.clusters(one)
    return bool(where) and (trouble.alert == one.alert or pair <= {Kind.SERVING, Kind.STORE})


def _lasting(trouble: Member, one: Member) -> float:
    return PLACE_S if kinds.of(trouble) is kinds.of(one) else YOUNG_S


def _apart(trouble: Member, one: Member) -> float:
    """Seconds between them; none while the other goes on only counts from its beginning."""
    ends = (one.since,) if one.over is None else (one.since, one.over)
    return min(abs(trouble.since - end) for end in ends)


def _has_its_cause(trouble: Member, incident: Incident) -> bool:
    now = episodes(incident.members)
    if not now:
        return False
    first = _first(now[-1])
    linked = [one for one in first if _one_cause(trouble, one) and not _is_explained(one, trouble, first)]
    spreading = any(kinds.of(one) in _EVERYWHERE for one in linked)
    return bool(linked) and (spreading or not _is_elsewhere(trouble, now[-1]))


def _is_explained(effect: Member, late: Member, first: Iterable[Member]) -> bool:
    """Whether something else was there before it, so that what was found after it is hardly its cause."""
    if not _late(late, effect) or late.since - effect.since <= AT_ONCE_S:
        return False
    return any(one.since <= effect.since and _may_cause(one, effect) for one in first)


def _first(troubles: Sequence[Member]) -> list[Member]:
    """Those that an incident is about: the first few seconds', and a cause that was only noticed later."""
    root = troubles[0]
    return [
        one
        for one in troubles
        if one.since - root.since <= COMMON_S or (_late(one, root) and not one.alert.startswith(_TIRED))
    ]


def _is_elsewhere(trouble: Member, troubles: Iterable[Member]) -> bool:
    """Whether it strikes another cluster than they did, and not at the same time."""
    where = kinds.clusters(trouble)
    placed = [one for one in troubles if kinds.clusters(one)]
    if not where or not placed or any(kinds.clusters(one) & where for one in placed):
        return False
    return all(abs(trouble.since - one.since) > COMMON_S for one in placed)


def _one_cause(trouble: Member, one: Member) -> bool:
    first, second = sorted((one, trouble), key=lambda each: each.since)
    pair = frozenset({kinds.of(first), kinds.of(second)})
    apart = second.since - first.since
    if apart <= AT_ONCE_S and (pair <= _STRUCK or pair == {Kind.WATCHING}):
        return True
    if _late(second, first):
        return True
    if _is_mended(first) or _is_mended(second):
        return False
    if pair == {Kind.SERVING}:
        return apart <= COMMON_S
    alike = len(pair) == 1 and pair <= _ALIKE
    return (alike or _may_cause(first, second)) and _in_time(first, second)


def _may_cause(cause: Member, effect: Member) -> bool:
    if effect.key == _BLIND_TO_THE_EDGE and kinds.of(cause) is Kind.EDGE:
        return True
    return kinds.of(effect) in _EFFECTS.get(kinds.of(cause), ())


def _late(cause: Member, effect: Member) -> bool:
    """Whether it is a cause that was found after its effect, by no more than finding takes."""
    return _may_cause(cause, effect) and 0 <= cause.since - effect.since <= kinds.delay(cause)


def _in_time(cause: Member, effect: Member) -> bool:
    after = effect.since - cause.since
    if effect.alert.startswith(kinds.SLOW):
        return after <= SLOW_S
    if cause.over is not None and effect.since - cause.over > LINGERS_S:
        return False
    return after <= (YOUNG_S if kinds.of(effect) is Kind.SYMPTOM else NEAR_S)


def _is_mended(one: Member) -> bool:
    """Mended before anybody need know: it has no effects but those of the same few seconds."""
    return bool(one.data.get("mended")) and ("held" not in one.data or one.over is not None)
