"""The hash chain of events: each hash is over the one before it and the event's own canonical bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portico.kit import canonical
from portico.model import Event

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Verification:
    """`checked` events held; `broken` is the first sequence number that doesn't, with the reason."""

    checked: int
    head: str
    broken: int | None = None
    reason: str = ""


def link(before: str, seq: int, at: float, kind: str, subject: str, data: Mapping[str, Any]) -> str:
    return canonical.digest(canonical.dumps([before, seq, at, kind, subject, data]))


def verify(events: Iterable[Event]) -> Verification:
    head, expected = GENESIS, 1
    for event in events:
        if event.seq != expected:
            return Verification(expected - 1, head, expected, f"event {expected} is missing")
        if event.hash != link(head, event.seq, event.at, event.kind, event.subject, event.data):
            return Verification(expected - 1, head, expected, f"event {expected} was changed")
        head, expected = event.hash, expected + 1
    return Verification(expected - 1, head)
