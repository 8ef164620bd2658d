"""The ledger's events a page at a time, the newest first, by what somebody looks for."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portico.ledger import chain
from portico.ledger.chain import Verification
from portico.ledger.ledger import Ledger
from portico.model import Event

_COLUMNS = "seq, at, kind, subject, data, hash"
_CHUNK = 2000

LOOKED = 200_000
"""So many events one look goes through for what no index knows: a tenth of a second's work."""

SET_BACK_S = 3600.0
"""A clock that was set back by less than this hides nothing from a look by time."""


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


@dataclass(frozen=True, slots=True)
class Page:
    """Events, the newest first. `older` and `newer` are where to go on: below and above which number.

    `back_to` is the time of the oldest event that was looked at, where there are older ones that weren't.
    """

    events: list[Event]
    older: int | None = None
    newer: int | None = None
    back_to: float | None = None


def page(
    ledger: Ledger, wanted: Wanted, most: int, *, before: int | None = None, after: int | None = None
) -> Page:
    """The newest below `before`, or the oldest above `after`; of LOOKED events where each has to be read."""
    low, high = _bounds(ledger, wanted)
    if after is not None:
        return _upwards(ledger, wanted, most, (max(low, after), high))
    return _downwards(ledger, wanted, most, (low, min(high, before or high)), is_first=before is None)


def _downwards(ledger: Ledger, wanted: Wanted, most: int, bounds: tuple[int, int], *, is_first: bool) -> Page:
    low, high = bounds
    end = max(low, high - 1 - LOOKED) if _reads_each(wanted) else low
    found = newest(ledger, wanted, most=most + 1, before=high, after=end)
    newer = None if is_first else found[0].seq if found else high - 1
    if len(found) > most:
        return Page(found[:most], found[most - 1].seq, newer)
    if end == low:
        return Page(found, None, newer)
    return Page(found, end + 1, newer, _at(ledger, end + 1))


def _upwards(ledger: Ledger, wanted: Wanted, most: int, bounds: tuple[int, int]) -> Page:
    low, high = bounds
    end = min(high, low + 1 + LOOKED) if _reads_each(wanted) else high
    found = newer(ledger, wanted, low, most, before=end)
    older = found[-1].seq if found else low + 1
    if len(found) == most:
        return Page(found, older, found[0].seq)
    return Page(found, older, end - 1 if end < high else None)


def _reads_each(wanted: Wanted) -> bool:
    return bool(wanted.text or wanted.about or wanted.kind.endswith("."))


def _bounds(ledger: Ledger, wanted: Wanted) -> tuple[int, int]:
    """Between which numbers, without them, everything lies that is wanted: numbers follow the time."""
    end = last_seq(ledger) + 1
    low = 0 if wanted.since is None else _first(ledger, wanted.since - SET_BACK_S, end) - 1
    return low, end if wanted.until is None else _first(ledger, wanted.until + SET_BACK_S, end)


def _first(ledger: Ledger, moment: float, end: int) -> int:
    """The number of the first event at that moment or later; `end` where there is none."""
    return bisect_left(range(end), moment, lo=min(1, end), key=lambda seq: _at(ledger, seq))


def _at(ledger: Ledger, seq: int) -> float:
    return float(ledger.ask("SELECT at FROM events WHERE seq >= ? ORDER BY seq LIMIT 1", (seq,))[0][0])


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


def newer(ledger: Ledger, wanted: Wanted, after: int, most: int, *, before: int | None = None) -> list[Event]:
    """The oldest so many with a sequence number above `after` and below `before`; the newest first."""
    where, args = _where(wanted)
    if before is not None:
        where, args = [*where, "seq < ?"], [*args, before]
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
