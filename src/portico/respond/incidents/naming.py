"""What an incident is called, how bad it is, and what of it is news. Pure."""

from __future__ import annotations

from dataclasses import replace

from portico.ledger.incidents import Incident, Member
from portico.model import Severity
from portico.respond.incidents import grouping, kinds
from portico.respond.incidents.causes import Cause

LEVELS = tuple(Severity)
_KEPT = ("affected", "reopened", "asked_again")
_HANDS_OFF = ("checker-wrong", "everything-fails")


def named(incident: Incident, cause: Cause) -> Incident:
    """With the title, the worst severity and the cause that its members give it."""
    members = incident.members
    worst = max((incident.severity, *(one.severity for one in members)), key=LEVELS.index)
    facts = {
        "clusters": sorted(frozenset().union(*(kinds.clusters(one) for one in members))),
        "hands_off": any(one.data.get("hands_off") or one.alert in _HANDS_OFF for one in members),
        "drill": next((one.practised for one in members), ""),
    }
    kept = {key: incident.data[key] for key in _KEPT if key in incident.data}
    data = {
        "cause": cause.kind,
        **cause.data,
        **{key: value for key, value in facts.items() if value},
        **kept,
    }
    return replace(incident, severity=worst, title=root(members).sentence, cause=cause.sentence, data=data)


def root(members: tuple[Member, ...]) -> Member:
    """The one that says most: the worst, then the nearest to a cause, then the first."""
    heaviest = next(iter(by_weight(members)), [])
    troubles = [one for one in heaviest if "inhibited_by" not in one.data]

    def weight(member: Member) -> tuple[int, int, float]:
        return (-LEVELS.index(member.severity), kinds.ORDER.index(kinds.of(member)), member.since)

    return min(troubles or members, key=weight)


def by_weight(members: tuple[Member, ...]) -> list[list[Member]]:
    """The troubles of each time that it lasted: when it was worst first, and of several such the last."""
    found = reversed(grouping.episodes(members))
    return sorted(found, key=lambda one: -max(LEVELS.index(each.severity) for each in one))


def unanswered(before: Incident, after: Incident) -> Member | None:
    """A critical trouble that who acknowledged the incident didn't know of."""
    known = {one.key for one in before.members if before.open and Severity.CRITICAL in _levels(one)}
    new = [one for one in after.members if one.severity is Severity.CRITICAL and one.key not in known]
    return next((one for one in new if one.over is None and "inhibited_by" not in one.data), None)


def _levels(member: Member) -> tuple[str, ...]:
    """Also what it will be, when it isn't mended in time."""
    return member.severity, str(member.data.get("held", ""))


def changes(before: Incident, after: Incident) -> list[str]:
    """What people may want to know of that wasn't so before."""
    found = []
    if after.open and not before.open:
        found.append("reopened")
    if LEVELS.index(after.severity) > LEVELS.index(before.severity):
        found.append(f"{before.severity} before, {after.severity} now")
    if after.data.get("cause") != before.data.get("cause") and after.cause:
        found.append(f"probable cause: {after.cause}")
    known = {one.key for one in before.members}
    new = [one for one in after.members if one.key not in known and "inhibited_by" not in one.data]
    found += [one.sentence for one in new if not one.evidence]
    return found
