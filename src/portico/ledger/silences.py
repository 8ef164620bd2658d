"""Silences in the ledger: what nobody shall be told of until an end, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portico.kit.errors import PorticoError
from portico.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Silence:
    """`matcher` says of what (`respond.delivery.matching`); it holds before `until`, unless it `ended`."""

    id: int
    at: float
    matcher: str
    until: float
    reason: str
    by: str
    ended: float | None

    def holds(self, now: float) -> bool:
        return self.ended is None and now < self.until


def add(ledger: Ledger, matcher: str, until: float, *, reason: str, by: str) -> int:
    with ledger.writing():
        cursor = ledger.put(
            "INSERT INTO silences (at, matcher, until, reason, by) VALUES (?, ?, ?, ?, ?)",
            (ledger.now, matcher, until, reason, by),
        )
        number = int(cursor.lastrowid or 0)
        ledger.record("silence.added", matcher, silence=number, until=until, reason=reason, by=by)
    return number


def end(ledger: Ledger, number: int, *, by: str) -> None:
    """Let it hold no longer. Raises PorticoError when there is no such, or it is over."""
    with ledger.writing():
        cursor = ledger.put(
            "UPDATE silences SET ended = ? WHERE id = ? AND ended IS NULL AND until > ?",
            (ledger.now, number, ledger.now),
        )
        if not cursor.rowcount:
            raise PorticoError(f"there is no silence {number} that holds", hint="portico silence list")
        ledger.record("silence.ended", str(number), silence=number, by=by)


def holding(ledger: Ledger, now: float) -> list[Silence]:
    rows = ledger.ask(f"{_SILENCE} WHERE ended IS NULL AND until > ? ORDER BY id", (now,))
    return [Silence(*row) for row in rows]


def last(ledger: Ledger, count: int) -> list[Silence]:
    """The newest so many, the oldest of them first."""
    rows: list[Any] = ledger.ask(f"{_SILENCE} ORDER BY id DESC LIMIT ?", (count,))
    return [Silence(*row) for row in rows[::-1]]


_SILENCE = "SELECT id, at, matcher, until, reason, by, ended FROM silences"
