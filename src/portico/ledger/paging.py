"""The ledger's events a page at a time, the newest first, by what somebody looks for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portico.ledger import chain
from portico.ledger.chain import Verification
from portico.ledger.ledger import Ledger
from portico.model import Event

_COLUMNS = "seq, at, kind, subject, data, hash"
_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is empty is any. A `kind` that ends in a dot stands for all that begin so.

    `text` is looked for in subject and data, `about` is a name that an event must be about: its subject, or
    the cluster, replica or part that it names.
    """

    kind: str = ""
    text: str = ""
    about: str = ""
    since: float | None = None
    until: float | None = None


def newest(
    ledger: Ledger, wanted: Wanted, *, most: int, before: int | None = None, after: int = 0
) -> list[Event]:
    """At most so many with a sequence number below `before` and above `after`, where the search ends."""
    where, args = _where(wanted)
    if after > 0:
        where, args = [*where, "seq > ?"], [*args, after]
    if before is not None:
        where, args = [*where, "seq < ?"], [*args, before]
    sql = f"SELECT {_COLUMNS} FROM events {_all(where)} ORDER BY seq DESC LIMIT ?"  # noqa: S608 - only our own words
    return [_event(row) for row in ledger.ask(sql, (*args, most))]


def newer(ledger: Ledger, wanted: Wanted, after: int, most: int) -> list[Event]:
    """The page before, of events with a sequence number above `after`; the newest first."""
    where, args = _where(wanted)
    sql = f"SELECT {_COLUMNS} FROM events {_all([*where, 'seq > ?'])} ORDER BY seq LIMIT ?"  # noqa: S608 - as above
    return [_event(row) for row in ledger.ask(sql, (*args, after, most))][::-1]


def kinds(ledger: Ledger) -> dict[str, int]:
    """How many there are of each kind."""
    return dict(ledger.ask("SELECT kind, count(*) FROM events GROUP BY kind ORDER BY kind"))


def last_seq(ledger: Ledger) -> int:
    return int(ledger.ask("SELECT coalesce(max(seq), 0) FROM events")[0][0])


def verify(ledger: Ledger) -> Verification:
    """The whole chain, a chunk at a time, so that other readers get their turn."""
    return chain.verify(_walk(ledger))


def _walk(ledger: Ledger) -> Iterator[Event]:
    after = 0
    sql = f"SELECT {_COLUMNS} FROM events WHERE seq > ? ORDER BY seq LIMIT ?"  # noqa: S608 - as above
    while rows := ledger.ask(sql, (after, _CHUNK)):
        yield from map(_event, rows)
        after = int(rows[-1][0])


def _where(wanted: Wanted) -> tuple[list[str], list[Any]]:
    where: list[str] = []
    args: list[Any] = []
    if wanted.kind.endswith("."):
        where, args = ["kind >= ? AND kind < ?"], [wanted.kind, f"{wanted.kind[:-1]}/"]
    elif wanted.kind:
        where, args = ["kind = ?"], [wanted.kind]
    if wanted.text:
        where.append("(instr(lower(subject), lower(?)) OR instr(lower(data), lower(?)))")
        args += [wanted.text, wanted.text]
    if wanted.about:
        places = " OR ".join(f"json_extract(data, '$.{name}') = ?" for name in ("cluster", "replica", "part"))
        where.append(f"(subject = ? OR {places})")
        args += [wanted.about] * 4
    for sign, moment in ((">=", wanted.since), ("<", wanted.until)):
        if moment is not None:
            where.append(f"at {sign} ?")
            args.append(moment)
    return where, args


def _all(where: list[str]) -> str:
    return f"WHERE {' AND '.join(where)}" if where else ""


def _event(row: tuple[Any, ...]) -> Event:
    seq, at, kind, subject, data, digest = row
    return Event(seq, at, kind, subject, json.loads(data), digest)
