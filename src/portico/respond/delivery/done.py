"""What was done about an incident before people hear of it, from the ledger's history."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from portico.ledger.incidents import Incident
from portico.ledger.ledger import Ledger
from portico.model import Event

BEFORE_S = 10.0
MOST = 8

_TOLD = {
    "replica.started": "replica {} was started again",
    "edge.started": "the edge was started again",
    "body.repaired": "a body was repaired in {}",
    "cluster.drained": "cluster {} was drained",
    "ask.opened": "a person was asked about {}",
}


def about(ledger: Ledger, incidents: Collection[Incident]) -> dict[int, Sequence[tuple[float, str]]]:
    """For each incident what happened since shortly before it opened: the time, and a sentence."""
    if not incidents:
        return {}
    first = min(incident.opened for incident in incidents) - BEFORE_S
    events = [event for event in ledger.events(last=200) if event.at >= first]
    return {incident.id: _of(incident, events)[-MOST:] for incident in incidents}


def _of(incident: Incident, events: Collection[Event]) -> list[tuple[float, str]]:
    until = incident.closed or float("inf")
    said = (
        (event.at, _sentence(event)) for event in events if incident.opened - BEFORE_S <= event.at <= until
    )
    return [(at, sentence) for at, sentence in said if sentence]


def _sentence(event: Event) -> str | None:
    if event.kind == "order.given":
        by = str(event.data.get("by", ""))
        return f"{event.subject} was ordered by {by}"
    told = _TOLD.get(event.kind)
    return told.format(event.subject[:12]) if told else None
