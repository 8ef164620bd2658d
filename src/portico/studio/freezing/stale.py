"""Which outputs the changes made stale: those of queries that answer otherwise now, and new URLs."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from portico.studio.freezing import log, targets, visible
from portico.studio.freezing.queries import affected, answers, plans, recording
from portico.studio.freezing.rendering import clockless, render


@dataclass(slots=True)
class Picked:
    """`listed` is the set of URLs, made anew; `gone` are outputs no more, `checked` counts queries."""

    targets: list[targets.Target] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    listed: render.Rendered | None = None
    checked: int = 0


def everything(store: sqlite3.Connection, known: answers.Answers) -> Picked:
    wanted, listed = _listed(known)
    gone = {path for (path,) in store.execute("SELECT path FROM outputs WHERE path <> ''")} - wanted.keys()
    return Picked(list(wanted.values()), gone, listed)


def changed(
    store: sqlite3.Connection, changes: log.Changes, known: answers.Answers, *, sweep: bool
) -> Picked:
    known.plans |= {sql: plans.decode(told) for sql, told in store.execute("SELECT sql, plan FROM texts")}
    asked = (
        {number for (number,) in store.execute("SELECT id FROM queries")}
        if sweep
        else affected.queries(store, changes.rows, visible.keys())
    )
    stale = {path for number in _differing(store, asked, known) for path in _users(store, number)}
    picked = Picked(checked=len(asked))
    if targets.URLS in stale:
        before = {row[0]: targets.Target(*row) for row in store.execute(_OUTPUTS + " WHERE path <> ''")}
        wanted, picked.listed = _listed(known)
        picked.gone = before.keys() - wanted.keys()
        picked.targets = [one for path, one in wanted.items() if path in stale or before.get(path) != one]
    else:
        rows = (store.execute(_OUTPUTS + " WHERE path = ?", (path,)).fetchone() for path in sorted(stale))
        picked.targets = [targets.Target(*row) for row in rows]
    return picked


_OUTPUTS = "SELECT path, kind, page, model, rest FROM outputs"


def _listed(known: answers.Answers) -> tuple[dict[str, targets.Target], render.Rendered]:
    with render.public(), recording.recorded() as recorded, clockless.clockless():
        wanted = targets.wanted()
    known.add(recorded.queries, "the set of URLs")
    whole = targets.Target(targets.URLS, targets.ALL)
    return wanted, render.Rendered(whole, "", b"", "", recorded.queries, recorded.asked)


def _differing(store: sqlite3.Connection, asked: set[int], known: answers.Answers) -> list[int]:
    """Ask the queries again; `known` gets the answers that are new."""
    found = []
    for number in sorted(asked):
        sql, params, digest = store.execute(
            "SELECT sql, params, digest FROM queries JOIN texts ON texts.id = text WHERE queries.id = ?",
            (number,),
        ).fetchone()
        answer = known.ask((sql, params), "")
        if answer.digest != digest:
            known.found[sql, params] = answer
            found.append(number)
    return found


def _users(store: sqlite3.Connection, number: int) -> list[str]:
    return [path for (path,) in store.execute("SELECT path FROM uses WHERE query = ?", (number,))]
