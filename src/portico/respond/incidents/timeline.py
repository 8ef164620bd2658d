"""What happened in an incident, in order and in words: from the ledger's events. Pure, but for `told`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portico.ledger import incidents, outbox
from portico.ledger.incidents import Incident, Member
from portico.ledger.ledger import Ledger
from portico.model import MIRROR, Event
from portico.respond.actions import plan
from portico.respond.incidents import grouping, kinds
from portico.respond.incidents.kinds import Kind

BEFORE_S = 600.0
"""Publishes and orders of so long before are told, because they may be why."""

JUST_BEFORE_S = 15.0
AFTER_S = 5.0
PASSING_S = 2.0
"""Of what was over so soon, its end is not told apart."""

_UNTOLD = ("publish.step", "order.taken")
"""Most of what a busy day writes, and nothing of it is told."""

_CHANGES = ("live", "order.given", "certificate.swapped")
_BY_HAND = ("drain", "undrain", "scale", "restart", "rollback")


@dataclass(frozen=True, slots=True)
class Line:
    """`act` tells what happened to the stack, apart from what was found and said about it."""

    at: float
    text: str
    act: bool = True


def told(ledger: Ledger, incident: Incident, now: float) -> list[Line]:
    """The incident's lines, as the ledger has them."""
    end = now if incident.open else (incident.ended or now) + grouping.QUIET_S + AFTER_S
    messages = {one.message for one in outbox.told(ledger, [incident.id])}
    happened = incidents.events_between(ledger, incident.opened - BEFORE_S, end, but=_UNTOLD)
    return lines(incident, happened, messages)


def lines(incident: Incident, events: Iterable[Event], messages: Collection[int] = ()) -> list[Line]:
    """`messages` are those that told of the incident."""
    ended = incident.ended if not incident.open else None
    found = []
    for event in events:
        late = ended is not None and event.at > ended + AFTER_S and event.subject != str(incident.id)
        early = event.at < incident.opened - JUST_BEFORE_S and event.kind not in _CHANGES
        if event.kind == "message.sent" and event.data.get("message") in messages:
            found.append(
                Line(event.at, f"{event.subject} was told: {event.data.get('title', '')}", act=False)
            )
        elif not late and not early and (text := _text(incident, event)):
            act = not event.kind.startswith(("finding.", "incident."))
            found.append(Line(event.at, text, act))
    return found


def story(found: Iterable[Line], incident: Incident, clock: Callable[[float], str]) -> str:
    """`replica a2 stopped answering at 12:00:01, was ejected at 12:00:01, ..., no visitor affected`."""
    parts = [f"{line.text} at {clock(line.at)}" for line in found if line.act]
    return ", ".join([*parts, *filter(None, [harm(incident)])])


def harm(incident: Incident) -> str:
    """What visitors noticed, where that is known."""
    match incident.data.get("affected"):
        case None:
            return ""
        case 0:
            return "no visitor affected"
        case 1:
            return "one bad answer to a visitor"
    return f"{incident.data['affected']:,} bad answers to visitors"


def _text(incident: Incident, event: Event) -> str | None:
    """The event in words, or None where it doesn't belong to the incident."""
    group, _, what = event.kind.partition(".")
    match group:
        case "finding":
            return _finding(incident, event, what)
        case "replica":
            mine = event.kind in _PARTS and _is_of(incident, event) and _is_then(incident, event.at)
            return _PARTS[event.kind].format(_part(event)) if mine else None
        case "edge" if not (_concerns(incident, "edge") and _is_then(incident, event.at)):
            return None
        case "order":
            return _order(event, what)
        case "incident":
            return _incident(event, what) if event.subject == str(incident.id) else None
    return _PARTS[event.kind].format(_part(event)) if event.kind in _PARTS else None


def _is_of(incident: Incident, event: Event) -> bool:
    """Whether the replica is in a cluster that the incident is about, or it is about the whole site."""
    if where := incident.data.get("clusters"):
        return event.data.get("cluster") in where
    return _concerns(incident, "replicas")


def _is_then(incident: Incident, at: float) -> bool:
    """Whether something was off around then; an incident that comes again has a calm between."""
    return any(
        found[0].since - JUST_BEFORE_S <= at <= max(_end(one) for one in found) + AFTER_S
        for found in grouping.episodes(incident.members)
    )


def _end(member: Member) -> float:
    return float("inf") if member.over is None else member.over


def _concerns(incident: Incident, part: str) -> bool:
    return any(kinds.of(one) not in _ELSEWHERE[part] for one in incident.members if not one.evidence)


_ELSEWHERE = {
    "edge": {Kind.SERVING, Kind.STORE, Kind.WATCHING, Kind.CERTIFICATE, Kind.TAMPERING},
    "replicas": {Kind.EDGE, Kind.WATCHING, Kind.CERTIFICATE, Kind.TAMPERING},
}
"""Troubles in which what happens to that part at the same time is another story."""

_PARTS: Mapping[str, str] = {
    "replica.died": "{} died",
    "replica.hung": "{} stopped answering",
    "replica.ejected": "{} was ejected by the edge",
    "replica.started": "{} was started",
    "replica.serves": "{} serves again",
    "replica.stopped": "{} was stopped",
    "edge.died": "the edge died",
    "edge.hung": "the edge stopped answering",
    "edge.started": "the edge was started",
    "stack.absent": "nothing had run for a while",
    "keeper.died": "the keeper died",
    "keeper.started": "the keeper was started",
    "guard.died": "the guard died",
    "guard.started": "the guard was started",
    "watcher.died": "the watcher died",
    "watcher.hung": "the watcher stopped looking",
    "watcher.started": "the watcher was started",
    "body.repaired": "a body in the store of {} was repaired",
    "store.refilled": "the store of {} was filled again",
    "certificate.swapped": "the edge took up a new certificate",
    "live": "{} went live",
}


def _part(event: Event) -> str:
    if event.kind == "live":
        return event.subject[:12]
    if event.subject == MIRROR:
        return "the mirror"
    kind = event.kind.partition(".")[0]
    return f"{'replica' if kind == 'replica' else 'cluster'} {event.subject}"


def _finding(incident: Incident, event: Event, what: str) -> str | None:
    mine = [one for one in incident.members if one.key == event.subject]
    passing = any(one.over == event.at and event.at - one.since < PASSING_S for one in mine)
    if not mine or (what == "over" and passing):
        return None
    sentence = str(event.data.get("sentence", event.subject))
    match what:
        case "open":
            return sentence
        case "changed":
            return f"now {event.data.get('severity')}: {sentence}"
    return f"over: {sentence}"


def _order(event: Event, what: str) -> str | None:
    """Orders that change the stack. How they went is told only where they failed."""
    named = f"order {event.data.get('order')}, {event.subject}"
    if what == "given":
        by = event.data.get("by") or "somebody"
        return plan.told_of(event) or f"{named}{_args(event.data)}, by {by}"
    if what == "failed":
        return f"{named}, failed: {event.data.get('why', '')}"
    return f"{named}, done" if what == "done" and event.subject in _BY_HAND else None


def _args(data: Mapping[str, Any]) -> str:
    values = [str(value)[:12] for value in data.get("args", {}).values() if value]
    return f" {' '.join(values)}" if values else ""


def _incident(event: Event, what: str) -> str | None:
    if what == "acknowledged":
        return f"acknowledged by {event.data.get('by')}"
    if what == "asked_again":
        return f"{event.data.get('answered')} had acknowledged what was known before: somebody is asked again"
    return "it came again" if what == "changed" and "reopened" in event.data.get("why", ()) else None
