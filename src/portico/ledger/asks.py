"""Questions to a person: a reaction that waits for a yes. Asked once for a cause, void after a while."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portico.kit.errors import PorticoError
from portico.ledger.ledger import Ledger

WAITING, APPROVED, REFUSED, EXPIRED = "waiting", "approved", "refused", "expired"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a yes gives the order `kind` with `args`. The same `cause` asks only once."""

    action: str
    kind: str
    args: Mapping[str, Any]
    cause: str
    words: str
    incident: int | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as it stands. `state` is one of waiting, approved, refused, expired."""

    id: int
    at: float
    question: Question
    expires: float
    state: str
    by: str
    order: int | None


def create(ledger: Ledger, question: Question, expires: float) -> int | None:
    """Ask; None when this cause was asked about before, whatever came of it."""
    with ledger.writing():
        cursor = ledger.put(
            "INSERT INTO asks (at, action, kind, args, cause, incident, words, expires)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                ledger.now,
                question.action,
                question.kind,
                json.dumps(dict(question.args)),
                question.cause,
                question.incident,
                question.words,
                expires,
            ),
        )
        if not cursor.rowcount:
            return None
        number = int(cursor.lastrowid or 0)
        told = {"ask": number, "words": question.words, "incident": question.incident, "expires": expires}
        ledger.record("ask.opened", question.action, **told)
    return number


def get(ledger: Ledger, number: int) -> Ask:
    rows = ledger.ask(f"{_ASK} WHERE id = ?", (number,))
    if not rows:
        raise PorticoError(f"there is no question {number}", hint="portico act asks")
    return _ask(rows[0])


def waiting(ledger: Ledger) -> list[Ask]:
    """The open questions, the oldest first; those whose time is over are not among them."""
    return [_ask(row) for row in ledger.ask(f"{_ASK} WHERE state = 'waiting' AND expires > ?", (ledger.now,))]


def since(ledger: Ledger, at: float) -> list[Ask]:
    """Every question that was asked after `at`, the oldest first."""
    return [_ask(row) for row in ledger.ask(f"{_ASK} WHERE at > ? ORDER BY id", (at,))]


def expire(ledger: Ledger) -> None:
    """Void the questions that nobody answered in time."""
    for row in ledger.ask(f"{_ASK} WHERE state = 'waiting' AND expires <= ?", (ledger.now,)):
        withdraw(ledger, _ask(row), "nobody answered")


def withdraw(ledger: Ledger, ask: Ask, why: str) -> None:
    """Void a question that waits: its time is over, or its cause."""
    with ledger.writing():
        if _settle(ledger, ask.id, EXPIRED, by="", order=None):
            ledger.record("ask.expired", ask.question.action, ask=ask.id, why=why)


def decide(ledger: Ledger, number: int, yes: bool, by: str) -> int | None:  # noqa: FBT001 - the person's answer
    """A person's answer; a yes gives the order and returns its number.

    The same answer twice, as from a link tapped twice, changes nothing and returns the same. Raises
    PorticoError when the question was answered otherwise, or is void.
    """
    wanted = APPROVED if yes else REFUSED
    with ledger.writing():
        ask = get(ledger, number)
        if ask.state == wanted:
            return ask.order
        if ask.state != WAITING or ask.expires <= ledger.now:
            raise _too_late(ask)
        order = _give(ledger, ask, by) if yes else None
        _settle(ledger, number, wanted, by=by, order=order)
        ledger.record(f"ask.{wanted}", ask.question.action, ask=number, by=by, order=order)
    return order


def _give(ledger: Ledger, ask: Ask, by: str) -> int:
    asked = ask.question
    return ledger.order(asked.kind, {**asked.args, "ask": ask.id}, by=by)


def _settle(ledger: Ledger, number: int, state: str, *, by: str, order: int | None) -> bool:
    """Compare and set: only a question that waits can be settled."""
    cursor = ledger.put(
        "UPDATE asks SET state = ?, by = ?, order_id = ? WHERE id = ? AND state = 'waiting'",
        (state, by, order, number),
    )
    return cursor.rowcount == 1


def _too_late(ask: Ask) -> PorticoError:
    if ask.state in {APPROVED, REFUSED}:
        return PorticoError(
            f"question {ask.id} was {ask.state} by {ask.by} already",
            hint=f"portico act run {ask.question.action}",
        )
    return PorticoError(
        f"question {ask.id} is void: it was not answered in time, or what it was about is over",
        hint=f"portico act run {ask.question.action} --dry-run",
    )


_ASK = "SELECT id, at, action, kind, args, cause, words, incident, expires, state, by, order_id FROM asks"


def _ask(row: tuple[Any, ...]) -> Ask:
    number, at, action, kind, args, cause, words, incident, expires, state, by, order = row
    question = Question(action, kind, json.loads(args), cause, words, incident)
    return Ask(number, at, question, expires, state, by, order)
