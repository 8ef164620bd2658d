"""Troubles that the keeper mended before they were a finding, made from its events. Pure."""

from __future__ import annotations

from dataclasses import replace

from portico.ledger.incidents import Member
from portico.model import MIRROR, Event, Severity

REPEATS = 3
"""The third time within `REPEATS_S` seconds a mended trouble is told to people."""

REPEATS_S = 3600.0

_BEGINS = {
    "replica.died": "{} died.",
    "replica.hung": "{} stopped answering.",
    "edge.died": "{} died.",
    "edge.hung": "{} stopped answering.",
}
_ENDS = ("replica.started", "edge.started")

KINDS = (*_BEGINS, *_ENDS)


def began(event: Event) -> Member | None:
    """The trouble that the event tells of."""
    if event.kind not in _BEGINS:
        return None
    part = event.kind.partition(".")[0]
    where = (
        {"replica": event.subject, "cluster": event.data.get("cluster")}
        if part == "replica"
        else {"part": part}
    )
    sentence = _BEGINS[event.kind].format(_called(event))
    data = {"mended": True, **{key: value for key, value in where.items() if value}}
    return Member(_key(event), Severity.INFO, sentence, event.at, data=data)


def ended(event: Event) -> str | None:
    """The key of the trouble that ended with it."""
    return _key(event) if event.kind in _ENDS else None


def over(trouble: Member, event: Event) -> Member:
    after = max(0.0, event.at - trouble.since)
    told = f"{trouble.sentence.rstrip('.')}, and was started again {after:.1f} s later."
    return replace(trouble, over=event.at, sentence=told)


def repeated(trouble: Member, times: int) -> Member:
    told = f"{trouble.sentence.rstrip('.')} for the {_nth(times)} time within {REPEATS_S / 3600:.0f} h."
    return replace(trouble, severity=Severity.WARNING, sentence=told)


def _nth(number: int) -> str:
    return {3: "third", 4: "fourth", 5: "fifth"}.get(number, f"{number}th")


def _key(event: Event) -> str:
    part = event.kind.partition(".")[0]
    return f"replica-restarted:{event.subject}" if part == "replica" else f"{part}-restarted"


def _called(event: Event) -> str:
    if event.subject == MIRROR:
        return "The mirror"
    return "The edge" if event.kind.startswith("edge.") else f"Replica {event.subject}"
