"""Writes what a freeze found into the memory: only what differs, so that the cost grows with the change."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import Any

from portico.studio.freezing import files, items, pairs, references
from portico.studio.freezing.queries import answers, plans, recording
from portico.studio.freezing.rendering import render


@dataclass(slots=True)
class Found:
    """`digests` of the rendered bodies by path; `gone` are outputs that are no more; `full`: all is new."""

    answers: answers.Answers
    full: bool
    rendered: list[render.Rendered] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)


def write(its: items.Items, found: Found, *, all_files: bool) -> set[str]:
    """Tells which files the outputs that are gone referred to."""
    store = its.store
    left = {path for one in found.gone for path in pairs.of(store, "refs", one)}
    if found.full:
        its.clear()
    numbers = _queries(store, found.answers)
    unused: set[Any] = set()
    touched: set[Any] = set()
    for path in found.gone:
        unused |= pairs.differ(store, "uses", path, ())
        touched |= pairs.differ(store, "refs", path, ())
        store.execute("DELETE FROM outputs WHERE path = ?", (path,))
        its.drop(path)
    for made in found.rendered:
        path = made.target.path
        _output(its, made, found.digests.get(path))
        unused |= pairs.differ(store, "uses", path, {numbers[query] for query in made.queries})
        touched |= pairs.differ(store, "refs", path, references.of(made.body))
    for query in unused:
        _collect(store, query)
    files.write(its, files.everything(store) if all_files else touched)
    return left


def _queries(memory: sqlite3.Connection, told: answers.Answers) -> dict[recording.Query, int]:
    """Every answer that was worked out, under the number of its query."""
    texts = {sql: _text(memory, sql, told.plans[sql]) for sql in {sql for sql, _ in told.found}}
    numbers = {}
    for (sql, params), answer in told.found.items():
        row = memory.execute(
            "INSERT INTO queries(text, params, digest) VALUES (?, ?, ?)"
            " ON CONFLICT(text, params) DO UPDATE SET digest = excluded.digest RETURNING id",
            (texts[sql], params, answer.digest),
        ).fetchone()
        numbers[sql, params] = row[0]
        _hits(memory, texts[sql], row[0], answer)
    return numbers


def _text(memory: sqlite3.Connection, sql: str, plan: plans.Plan) -> int:
    row = memory.execute("SELECT id FROM texts WHERE sql = ?", (sql,)).fetchone()
    if row:
        return int(row[0])
    made = memory.execute("INSERT INTO texts(sql, plan) VALUES (?, ?)", (sql, plans.encode(plan)))
    return int(made.lastrowid or 0)


def _hits(memory: sqlite3.Connection, text: int, query: int, answer: answers.Answer) -> None:
    before = set(memory.execute("SELECT tbl, kind, value FROM hits WHERE query = ?", (query,)))
    memory.executemany(
        "DELETE FROM hits WHERE text = ? AND tbl = ? AND kind = ? AND value = ? AND query = ?",
        ((text, *hit, query) for hit in before - answer.hits),
    )
    memory.executemany(
        "INSERT INTO hits(text, tbl, kind, value, query) VALUES (?, ?, ?, ?, ?)",
        ((text, *hit, query) for hit in answer.hits - before),
    )


def _output(its: items.Items, made: render.Rendered, digest: str | None) -> None:
    target = made.target
    its.store.execute(
        "INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?, ?, ?, ?)",
        (target.path, target.kind, target.page, target.model, target.rest, made.count, made.redirect),
    )
    if digest is None:
        its.drop(target.path)
    else:
        its.put(target.path, made.name, digest, len(made.body))


def _collect(memory: sqlite3.Connection, query: int) -> None:
    """Forget a query that no output uses any more."""
    if not memory.execute("SELECT 1 FROM uses WHERE query = ?", (query,)).fetchone():
        memory.execute(
            "DELETE FROM hits WHERE (text, tbl, kind, value, query) IN"
            " (SELECT text, tbl, kind, value, query FROM hits WHERE query = ?)",
            (query,),
        )
        memory.execute("DELETE FROM queries WHERE id = ?", (query,))
