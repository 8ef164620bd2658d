"""Messages in the ledger: written when there is something to tell, sent afterwards, never lost between."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portico.ledger.ledger import Ledger
from portico.model import Severity

LONGEST_WAIT_S = 600.0


@dataclass(frozen=True, slots=True)
class Telling:
    """What a message tells of an incident; `step` tells the second of a kind from the first."""

    incident: int
    kind: str
    step: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """A message before it is written. Those about the same trouble in the same channel share a `thread`.

    `data`: links (see `respond.links`), over, incidents, drill (the practised alert), tried (channels that
    failed).
    """

    channel: str
    kind: str
    thread: str
    severity: Severity
    title: str
    body: str
    tellings: tuple[Telling, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Row:
    """A message as it stands. `attempts` counts those before the one that goes on."""

    id: int
    at: float
    draft: Draft
    attempts: int


@dataclass(frozen=True, slots=True)
class Told:
    """Something that a channel was told of an incident. `state` is the message's: waiting, sent or failed."""

    incident: int
    kind: str
    step: int
    channel: str
    message: int
    at: float
    thread: str
    severity: str
    state: str


def queue(ledger: Ledger, drafts: Iterable[Draft]) -> None:
    """Write what is to be sent, all or nothing; what was told before is not told again."""
    with ledger.writing():
        now = ledger.now
        for draft in drafts:
            _insert(ledger, draft, now)


def due(ledger: Ledger, now: float) -> list[Row]:
    """What is to be sent now: of each thread in a channel the first, so that nothing overtakes.

    What waits for longer than anything does was put off before the clock was set back.
    """
    rows = ledger.ask(
        f"{_ROW} WHERE state = 'waiting' AND (next_at <= ? OR next_at > ?)"  # noqa: S608 - our own words
        " AND NOT EXISTS (SELECT 1 FROM messages AS before"
        " WHERE before.channel = messages.channel AND before.thread = messages.thread"
        " AND before.state = 'waiting' AND before.id < messages.id) ORDER BY id",
        (now, now + LONGEST_WAIT_S),
    )
    return [_row(row) for row in rows]


def take(ledger: Ledger, row: Row, until: float) -> bool:
    """Compare and set: whether this caller sends it; after `until` somebody else may."""
    with ledger.writing():
        cursor = ledger.put(
            "UPDATE messages SET attempts = attempts + 1, next_at = ? WHERE id = ? AND state = 'waiting'"
            " AND attempts = ?",
            (until, row.id, row.attempts),
        )
    return cursor.rowcount == 1


def release(ledger: Ledger, now: float) -> None:
    """Make everything due that a sender who died had taken, or was to try again."""
    with ledger.writing():
        ledger.put("UPDATE messages SET next_at = ? WHERE state = 'waiting' AND next_at > ?", (now, now))


def sent(ledger: Ledger, row: Row) -> None:
    with ledger.writing():
        ledger.put(
            "UPDATE messages SET state = 'sent', sent_at = ?, why = '' WHERE id = ?", (ledger.now, row.id)
        )
        ledger.record("message.sent", row.draft.channel, **_told_of(row))


def retry(ledger: Ledger, row: Row, why: str, at: float) -> None:
    """It failed for now."""
    with ledger.writing():
        ledger.put("UPDATE messages SET next_at = ?, why = ? WHERE id = ?", (at, why, row.id))
        if row.attempts == 0:
            ledger.record("message.delayed", row.draft.channel, **_told_of(row), why=why)


def give_up(ledger: Ledger, row: Row, why: str, instead: Draft | None) -> None:
    """It failed for good; `instead` goes to another channel."""
    with ledger.writing():
        ledger.put("UPDATE messages SET state = 'failed', why = ? WHERE id = ?", (why, row.id))
        ledger.record(
            "message.failed", row.draft.channel, **_told_of(row), why=why, instead=instead and instead.channel
        )
        if instead:
            _insert(ledger, instead, ledger.now)


def told(ledger: Ledger, incidents: Collection[int]) -> list[Told]:
    """All that channels were told in threads about these incidents, the oldest first."""
    marks = ", ".join("?" * len(incidents))
    rows = ledger.ask(
        "SELECT t.incident, t.kind, t.step, t.channel, m.id, m.at, m.thread, m.severity, m.state"  # noqa: S608 - marks only
        " FROM messages m JOIN tellings t ON t.message = m.id"
        " WHERE (m.channel, m.thread) IN (SELECT om.channel, om.thread FROM tellings o"
        f" JOIN messages om ON om.id = o.message WHERE o.incident IN ({marks})) ORDER BY m.id",
        tuple(incidents),
    )
    return [Told(*row) for row in rows]


def owed(ledger: Ledger, since: float) -> list[int]:
    """The incidents that ended after `since`, and of which some channel that was told doesn't know it."""
    rows = ledger.ask(
        "SELECT DISTINCT i.id FROM incidents i CROSS JOIN tellings t ON t.incident = i.id"
        " CROSS JOIN messages m ON m.id = t.message WHERE i.closed >= ? AND m.state != 'failed'"
        " AND NOT EXISTS (SELECT 1 FROM tellings r WHERE r.incident = i.id AND r.channel = t.channel"
        " AND r.kind = 'resolved' AND r.message >= t.message)",
        (since,),
    )
    return [number for (number,) in rows]


def begun(ledger: Ledger, kind: str, since: float) -> list[tuple[str, float]]:
    """The channel and time of each message of this kind that was written after `since`."""
    return ledger.ask("SELECT channel, at FROM messages WHERE at > ? AND kind = ?", (since, kind))


def waits(ledger: Ledger, severity: Severity, since: float) -> bool:
    """Whether a message of this severity has waited since before then."""
    sql = "SELECT 1 FROM messages WHERE state = 'waiting' AND severity = ? AND at < ? LIMIT 1"
    return bool(ledger.ask(sql, (severity, since)))


def unsent(ledger: Ledger, since: float) -> list[str]:
    """The channels of the messages that were written since then, and still wait."""
    rows = ledger.ask("SELECT channel FROM messages WHERE state = 'waiting' AND at >= ?", (since,))
    return [channel for (channel,) in rows]


_ROW = "SELECT id, at, channel, kind, thread, severity, title, body, data, attempts FROM messages"


def _row(row: tuple[Any, ...]) -> Row:
    number, at, channel, kind, thread, severity, title, body, data, attempts = row
    draft = Draft(channel, kind, thread, Severity(severity), title, body, data=json.loads(data))
    return Row(number, at, draft, attempts)


def tellings(ledger: Ledger, message: int) -> tuple[Telling, ...]:
    rows = ledger.ask("SELECT incident, kind, step FROM tellings WHERE message = ?", (message,))
    return tuple(Telling(*row) for row in rows)


def _insert(ledger: Ledger, draft: Draft, now: float) -> None:
    """Nothing is written when all of it was told to this channel before, as to one that is a fallback too."""
    new = [telling for telling in draft.tellings if not _was_told(ledger, telling, draft.channel)]
    if draft.tellings and not new:
        return
    cursor = ledger.put(
        "INSERT INTO messages (at, kind, channel, thread, severity, title, body, data, next_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            now,
            draft.kind,
            draft.channel,
            draft.thread,
            draft.severity,
            draft.title,
            draft.body,
            json.dumps(dict(draft.data)),
            now,
        ),
    )
    for telling in new:
        ledger.put(
            "INSERT INTO tellings (incident, kind, step, channel, message) VALUES (?, ?, ?, ?, ?)",
            (telling.incident, telling.kind, telling.step, draft.channel, cursor.lastrowid),
        )


def _was_told(ledger: Ledger, telling: Telling, channel: str) -> bool:
    sql = "SELECT 1 FROM tellings WHERE incident = ? AND kind = ? AND step = ? AND channel = ?"
    return bool(ledger.ask(sql, (telling.incident, telling.kind, telling.step, channel)))


def _told_of(row: Row) -> dict[str, Any]:
    """What an event tells of a message: never its address, nor its links."""
    drill = row.draft.data.get("drill")
    told = {"message": row.id, "kind": row.draft.kind, "title": row.draft.title, "attempt": row.attempts + 1}
    return {**told, **({"drill": drill} if drill else {})}
