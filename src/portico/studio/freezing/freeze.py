"""From the studio's database to DATA/frozen: what the newest revision made stale is rendered, no more."""

from __future__ import annotations

import secrets
import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from portico.studio.freezing import (
    bodies,
    builds,
    consistent,
    items,
    keeping,
    log,
    memory,
    moves,
    rules,
    stale,
)
from portico.studio.freezing.queries import answers
from portico.studio.freezing.rendering import many
from portico.studio.pictures import ahead

TRIES = 5
TOLD = 20
_turn = threading.Lock()


@dataclass(slots=True)
class Course:
    """One freeze of one revision, and how long its steps took."""

    store: sqlite3.Connection
    folder: Path
    revision: int
    found: keeping.Found
    changes: log.Changes
    newest: log.Newest
    sweep: bool
    checked: int = 0
    wasted: int = 0
    seconds: dict[str, float] = field(default_factory=dict)


def run(after: int | None = None, *, sweep: bool = False, folder: Path | None = None) -> dict[str, Any]:
    """Bring what is frozen to the newest revision; tells what changed since the revision `after`.

    `sweep` asks every query again, whatever the log says. A `folder` of its own leaves the log as it is.
    Raises RefusedError when the freeze must fail; nothing was changed then.
    """
    frozen = folder or settings.HERE.data / "frozen"
    with _turn, closing(memory.connect(frozen)) as store:
        if "revision" not in memory.meta(store) or log.pictures_changed():
            ahead.complete()
        course = _until_still(store, frozen, sweep=sweep)
        if course is None:
            return _answer(store, after, log.newest())
        _keep(course, prune=folder is None)
        return _answer(store, after, course.newest, course)


def _until_still(store: sqlite3.Connection, frozen: Path, *, sweep: bool) -> Course | None:
    """The processes that render must see one revision: when it moves on between their beginnings, again."""
    for _ in range(TRIES - 1):
        try:
            return _rendered(store, frozen, sweep=sweep)
        except many.MovedError:
            continue
    return _rendered(store, frozen, sweep=sweep)


def _rendered(store: sqlite3.Connection, frozen: Path, *, sweep: bool) -> Course | None:
    """None when nothing happened since the last freeze."""
    before = memory.meta(store)
    began, cpu = time.perf_counter(), time.thread_time()
    with consistent.reading() as revision:
        changes = log.changes(before.get("mark", ""))
        full = before.get("build") != builds.current()
        sweep = sweep or changes.unknown
        if not (full or sweep or changes.rows) and before["revision"] == str(revision):
            return None
        known = answers.Answers()
        picked = stale.everything(store, known) if full else stale.changed(store, changes, known, sweep=sweep)
        looked, cpu = time.perf_counter(), time.thread_time() - cpu
        rendered = list(many.rendered(picked.targets, revision, known))
        found = keeping.Found(known, full, rendered, gone=picked.gone)
        if picked.listed:
            found.rendered.append(picked.listed)
        course = Course(store, frozen, revision, found, changes, log.newest(), sweep, picked.checked)
    course.seconds = {"checked": looked - began, "check cpu": cpu, "rendered": time.perf_counter() - looked}
    return course


def _keep(course: Course, *, prune: bool) -> None:
    """The bodies first, then all of the rest at once, then the log is let go."""
    began = time.perf_counter()
    found = course.found
    found.digests = bodies.keep(
        course.folder, {made.target.path: made.body for made in found.rendered if made.name}
    )
    its, mark = items.Items(course.store), secrets.token_hex(16)
    with memory.writing(course.store):
        left = keeping.write(its, found, all_files=found.full or course.sweep)
        moves.note(its, course.revision, left, course.changes.rows)
        memory.tell(course.store, {**_told(course, mark), **_content(course)})
        changed = moves.pages(its.changed())
        memory.changed(course.store, course.revision, changed)
    course.wasted = sum(made.target.path not in changed for made in found.rendered if made.name)
    if prune:
        log.prune(course.changes, mark)
    course.seconds["written"] = time.perf_counter() - began


def _told(course: Course, mark: str) -> dict[str, str]:
    return {
        "revision": str(course.revision),
        "build": builds.current(),
        "site": settings.HERE.site,
        "headers": "",
        "redirects": rules.of(course.store),
        "mark": mark,
    }


def _content(course: Course) -> dict[str, str]:
    """The newest revision that people made: the search index follows with revisions of its own."""
    by_people = course.found.full or course.changes.rows or course.found.rendered
    return {"content": str(course.revision)} if by_people else {}


def _answer(
    store: sqlite3.Connection, after: int | None, newest: log.Newest, course: Course | None = None
) -> dict[str, Any]:
    told, moved = memory.meta(store), moves.since(store, after)
    return {
        "revision": int(told["revision"]),
        "content": int(told.get("content", told["revision"])),
        "build": told["build"],
        "rendered": len(course.found.rendered) if course else 0,
        "wasted": course.wasted if course else 0,
        "checked": course.checked if course else 0,
        "urls": store.execute("SELECT count(*) FROM outputs").fetchone()[0],
        "seconds": {name: round(value, 4) for name, value in course.seconds.items()} if course else {},
        "takedown": moved[moves.GONE],
        "lifted": moved[moves.BACK],
        "changed": memory.changes(store, after)[:TOLD],
        "by": newest.by,
        "at": newest.at,
    }
