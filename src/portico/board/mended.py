"""What was not well this month, and what was done about it: one line for each trouble. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portico.board import words
from portico.board.past import Past
from portico.ledger.incidents import Incident
from portico.model import Event, Order
from portico.respond.actions.plan import POLICY


@dataclass(frozen=True, slots=True)
class Mended:
    """`took` is None while it goes on. `href` is where it is told whole. `did` may be several sentences."""

    at: float
    what: str
    did: str
    tone: str
    took: float | None = None
    href: str = ""
    practice: bool = False


def of(past: Past) -> list[Mended]:
    """The newest first."""
    found = [*(_incident(one, past.actions) for one in past.incidents), *_alone(past)]
    return sorted(found, key=lambda one: -one.at)


def _incident(incident: Incident, actions: Sequence[Order]) -> Mended:
    did = [_acted(order) for order in actions if order.args.get("incident") == incident.id]
    if incident.acknowledged_by:
        did.append(f"{_person(incident.acknowledged_by)} looked after it")
    ended = incident.ended or incident.closed
    if not did:
        did = ["it healed by itself" if ended else "nothing yet"]
    return Mended(
        incident.opened,
        _what(incident),
        "; ".join(did),
        "good" if incident.closed else "bad" if incident.severity == "critical" else "fair",
        None if ended is None else max(0.0, ended - incident.opened),
        f"/incidents/{incident.id}",
        bool(incident.data.get("drill")),
    )


def _what(incident: Incident) -> str:
    """The title with its cause, unless that says the same."""
    title, cause = incident.title.rstrip("."), incident.cause.rstrip(".")
    return f"{title}: {cause}" if cause and title.casefold() not in cause.casefold() else title


def _acted(order: Order) -> str:
    said = str(order.args.get("words") or order.args["action"])
    by = f"by {_person(order.by)}" if order.by != POLICY else "by itself"
    return f"{said}, {by}{'' if order.state != 'failed' else ', which failed'}"


def _person(by: str) -> str:
    return by.partition(" (")[0]


def _alone(past: Past) -> Iterator[Mended]:
    """What was mended before it was an incident: one line for each kind of it, and what drills did apart."""
    back = [event for event in past.deaths if event.subject not in past.gone]
    for events, what, did in (
        (back, "died or hung", "started again"),
        (past.repairs, "held wrong bytes", "repaired from the other cluster"),
    ):
        for found, practice in ((past.real(events), False), (past.practised(events), True)):
            if found:
                said, done = f"{_names(found)} {what}", f"{did} by itself"
                yield Mended(found[-1].at, said, done, "good", href="/events", practice=practice)


def _names(events: Sequence[Event]) -> str:
    """`a1, b2 twice`; many are counted."""
    counted = Counter(event.subject for event in events)
    if len(counted) > 4:
        return f"{words.count(len(events), 'time')}, something"
    return ", ".join(name if many == 1 else f"{name} {many} times" for name, many in counted.items())
