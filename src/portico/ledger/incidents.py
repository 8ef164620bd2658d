"""Incidents in the ledger: many findings of one cause, from the first one until all are over."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from portico.ledger.ledger import Ledger
from portico.model import Event, Severity


@dataclass(frozen=True, slots=True)
class Member:
    """A trouble that belongs to an incident: a finding, or something that was mended before it was one.

    `data` is the finding's; of info severity it is evidence. `over` is when it ended, None while it goes on.
    """

    key: str
    severity: Severity
    sentence: str
    since: float
    over: float | None = None
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def alert(self) -> str:
        return self.key.partition(":")[0]

    @property
    def evidence(self) -> bool:
        """It explains, but is no trouble of its own: it opens no incident, and holds none open."""
        return self.severity is Severity.INFO and not self.data.get("mended")

    @property
    def practised(self) -> str:
        """The name of the alert that a drill practises by it; empty when it is real."""
        known = self.data.get("drill")
        return known if isinstance(known, str) else self.alert if known else ""

    @property
    def practice(self) -> tuple[str, float]:
        """Tells one drill from another, and from what is real; only troubles of one are one incident."""
        return self.practised, float(self.data.get("drill_at", 0.0))


@dataclass(frozen=True, slots=True)
class Incident:
    """`severity` is the worst that it was. Times in seconds since the epoch, `closed` None while it is open.

    `data`: cause (its kind), clusters, snapshot and before (of a publish), hands_off, drill (the practised
    alert), affected (bad answers to visitors while it lasted, when known), reopened (how often), asked_again
    (when a critical trouble came after it was acknowledged).
    """

    id: int
    opened: float
    closed: float | None
    severity: Severity
    title: str
    cause: str
    acknowledged: float | None
    acknowledged_by: str
    data: Mapping[str, Any]
    members: tuple[Member, ...] = ()

    @property
    def open(self) -> bool:
        return self.closed is None

    @property
    def ended(self) -> float | None:
        """When its last trouble was over, or None while there is one."""
        overs = [member.over for member in self.members if not member.evidence]
        return max((over for over in overs if over), default=None) if None not in overs else None


_COLUMNS = "id, opened, closed, severity, title, cause, acknowledged, acknowledged_by, data"


def current(ledger: Ledger) -> list[Incident]:
    """Those that are open, the oldest first."""
    return _all(ledger, "WHERE closed IS NULL ORDER BY id")


def since(ledger: Ledger, at: float) -> list[Incident]:
    """Those that are open, or were at that time or later; the oldest first."""
    return _all(ledger, "WHERE closed IS NULL OR closed >= ? ORDER BY id", (at,))


def last(ledger: Ledger, count: int) -> list[Incident]:
    """The newest so many, the oldest of them first."""
    found = _all(ledger, "ORDER BY id DESC LIMIT ?", (count,))
    return found[::-1]


def get(ledger: Ledger, number: int) -> Incident | None:
    found = _all(ledger, "WHERE id = ?", (number,))
    return found[0] if found else None


def acknowledge(ledger: Ledger, number: int, by: str) -> bool:
    """Compare and set: whether this call was the one that did it."""
    with ledger.writing():
        done = ledger.put(
            "UPDATE incidents SET acknowledged = ?, acknowledged_by = ?"
            " WHERE id = ? AND acknowledged IS NULL",
            (ledger.now, by, number),
        )
        if done.rowcount:
            ledger.record("incident.acknowledged", str(number), by=by)
    return done.rowcount == 1


def ask_again(ledger: Ledger, number: int, *, why: str, answered: str) -> None:
    """Nobody has acknowledged it any more: something came that who did, `answered`, didn't know of."""
    with ledger.writing():
        ledger.put("UPDATE incidents SET acknowledged = NULL, acknowledged_by = '' WHERE id = ?", (number,))
        ledger.record("incident.asked_again", str(number), why=why, answered=answered)


def put(ledger: Ledger, incident: Incident) -> Incident:
    """Write it whole, with its members; a new one, whose id is 0, gets its number. Who acknowledged stays."""
    with ledger.writing():
        data = json.dumps(dict(incident.data))
        values = (incident.opened, incident.closed, incident.severity, incident.title, incident.cause, data)
        if incident.id:
            number = incident.id
            ledger.put(
                "UPDATE incidents SET opened = ?, closed = ?, severity = ?, title = ?, cause = ?, data = ?"
                " WHERE id = ?",
                (*values, number),
            )
        else:
            cursor = ledger.put(
                "INSERT INTO incidents (opened, closed, severity, title, cause, data)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )
            number = int(cursor.lastrowid or 0)
        for member in incident.members:
            _put_member(ledger, number, member)
    return replace(incident, id=number)


def times_seen(ledger: Ledger, key: str, since: float) -> int:
    """How often this trouble began since then; what was only evidence doesn't count."""
    sql = (
        "SELECT count(DISTINCT since) FROM incident_findings WHERE key = ? AND since >= ?"
        " AND (severity <> 'info' OR json_extract(data, '$.mended'))"
    )
    return int(ledger.ask(sql, (key, since))[0][0])


def events_between(ledger: Ledger, start: float, end: float, *, but: Sequence[str] = ()) -> list[Event]:
    """What happened from `start` to `end`, `but` for some kinds.

    Found by halving, as events are in the order of time.
    """
    newest = ledger.ask("SELECT max(seq) FROM events")[0][0] or 0
    low, high = 1, newest + 1
    while low < high:
        middle = (low + high) // 2
        found = ledger.ask("SELECT at FROM events WHERE seq = ?", (middle,))
        low, high = (low, middle) if not found or found[0][0] >= start else (middle + 1, high)
    rows = ledger.ask(
        "SELECT seq, at, kind, subject, data, hash FROM events WHERE seq >= ? AND at <= ?"  # noqa: S608 - marks only
        f" AND kind NOT IN ({', '.join('?' * len(but))}) ORDER BY seq",
        (low, end, *but),
    )
    return [Event(seq, at, kind, told, json.loads(data), known) for seq, at, kind, told, data, known in rows]


def _put_member(ledger: Ledger, number: int, member: Member) -> None:
    ledger.put(
        "INSERT INTO incident_findings (incident, key, severity, sentence, since, over, data)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (incident, key, since) DO UPDATE SET"
        " severity = excluded.severity, sentence = excluded.sentence, over = excluded.over,"
        " data = excluded.data",
        (
            number,
            member.key,
            member.severity,
            member.sentence,
            member.since,
            member.over,
            json.dumps(dict(member.data)),
        ),
    )


def _all(ledger: Ledger, where: str, args: tuple[Any, ...] = ()) -> list[Incident]:
    rows = ledger.ask(f"SELECT {_COLUMNS} FROM incidents {where}", args)  # noqa: S608 - only our own words
    return [_incident(ledger, row) for row in rows]


def _incident(ledger: Ledger, row: tuple[Any, ...]) -> Incident:
    number, opened, closed, severity, title, cause, acknowledged, by, data = row
    members = ledger.ask(
        "SELECT key, severity, sentence, since, over, data FROM incident_findings WHERE incident = ?"
        " ORDER BY since, key",
        (number,),
    )
    found = tuple(
        Member(key, Severity(level), said, start, over, json.loads(more))
        for key, level, said, start, over, more in members
    )
    return Incident(
        number,
        opened,
        closed,
        Severity(severity),
        title,
        cause,
        acknowledged,
        by,
        json.loads(data),
        found,
    )
