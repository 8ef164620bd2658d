"""Publishes and rollbacks as traces, from the ledger's events. Pure: the same events give the same ids."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from portico.model import Event

KINDS = ("publish", "rollback")
FROZEN, GIVEN, STEP = "frozen", "order.given", "publish.step"
ENDS = ("order.done", "order.failed")
FRESH_S = 600.0
"""A snapshot that was frozen longer ago was frozen for something else."""


@dataclass(frozen=True, slots=True)
class Span:
    """Ids are 16 and 8 bytes; a trace's first span has no parent. Times are seconds since the epoch."""

    trace: bytes
    id: bytes
    parent: bytes
    name: str
    start: float
    end: float
    labels: tuple[tuple[str, str], ...] = ()
    failed: str = ""


@dataclass(slots=True)
class Follower:
    """Hears every event once, in order."""

    _open: dict[int, list[Event]] = field(default_factory=dict)
    _frozen: dict[str, Event] = field(default_factory=dict)

    def hear(self, event: Event) -> list[Span]:
        """The whole trace, at an order's end."""
        if event.kind == FROZEN:
            self._frozen[event.subject] = event
            return []
        order = event.data.get("order")
        if event.kind == GIVEN and event.subject in KINDS:
            frozen = self._frozen.pop(str(event.data.get("args", {}).get("snapshot")), None)
            fresh = [frozen] if frozen and event.at - frozen.at <= FRESH_S else []
            self._open[event.data["order"]] = [event, *fresh]
            self._frozen.clear()
        elif event.kind == STEP and order in self._open:
            self._open[order].append(event)
        elif event.kind in ENDS and order in self._open:
            return list(_spans(self._open.pop(order), event))
        return []


def _spans(events: Sequence[Event], ended: Event) -> Iterator[Span]:
    """The order's own span first. Nothing begins before it, though clocks and durations are rounded."""
    given, *parts = events
    trace, root = _id(given, "trace", 16), _id(given, "order", 8)
    frozen = [_began(part) for part in parts if part.kind == FROZEN]
    start = min([given.at, *frozen])
    about = {
        "portico.order": given.data["order"],
        "portico.snapshot": ended.data.get("snapshot") or given.data.get("args", {}).get("snapshot"),
        "portico.before": ended.data.get("before"),
    }
    labels = tuple((name, str(value)) for name, value in about.items() if value)
    failed = str(ended.data.get("why") or "it failed") if ended.kind == ENDS[1] else ""
    yield Span(trace, root, b"", given.subject, start, max(ended.at, start), labels, failed)
    for part in parts:
        name = "freeze" if part.kind == FROZEN else str(part.data.get("step"))
        note = part.data.get("note")
        noted = (("portico.note", str(note)),) if note else ()
        began = max(start, _began(part))
        yield Span(trace, _id(part, name, 8), root, name.replace(":", " "), began, max(part.at, began), noted)


def _began(event: Event) -> float:
    """What is told at its end tells how long it took."""
    return event.at - float(event.data.get("seconds") or 0.0)


def _id(event: Event, what: str, length: int) -> bytes:
    """Of the event's place in the hash chain: no two stacks, and no two orders, ever have the same."""
    return hashlib.sha256(f"{what} {event.hash}".encode()).digest()[:length]
