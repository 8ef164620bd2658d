"""Renders a list of URLs and asks their queries; many are shared out to processes that see the same revision.

The processes are fresh ones: to fork one that has threads could leave a lock of SQLite's held for good.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from typing import Any

from django.db import connection

from portico.studio.freezing import consistent, targets
from portico.studio.freezing.queries import answers
from portico.studio.freezing.rendering import render

PARALLEL_FROM = 400
"""Starting processes takes seconds: fewer pages than this are rendered sooner without."""
AT_ONCE = 25

Found = dict[Any, answers.Answer]


class MovedError(Exception):
    """A process found another revision than the one that is being frozen: begin again."""


def rendered(
    wanted: Sequence[targets.Target], revision: int, known: answers.Answers
) -> Iterator[render.Rendered]:
    """`known` gets the answers of all the queries."""
    if len(wanted) < PARALLEL_FROM or (os.cpu_count() or 1) < 2:
        yield from _each(wanted, known)
        return
    with ProcessPoolExecutor(
        max_workers=os.cpu_count(),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(revision, dict(connection.settings_dict)),
    ) as pool:
        for made, plans, found in pool.map(_slice, _slices(wanted)):
            known.plans |= plans
            known.found |= found
            yield from made


def _slices(wanted: Sequence[targets.Target]) -> Iterator[Sequence[targets.Target]]:
    return (wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE))


def _each(wanted: Iterable[targets.Target], known: answers.Answers) -> Iterator[render.Rendered]:
    for target in wanted:
        made = render.render(target)
        with render.public():
            known.add(made.queries, target.path)
        yield made


_open = ExitStack()
_known = answers.Answers()


def _begin(revision: int, settings: dict[str, Any]) -> None:
    """Keeps the reading transaction open until the process ends."""
    found = _open.enter_context(consistent.reading(settings))
    if found != revision:
        raise MovedError


def _slice(wanted: Sequence[targets.Target]) -> tuple[list[render.Rendered], dict, Found]:
    """What was rendered, and what this process learned by it."""
    plans, found = set(_known.plans), set(_known.found)
    made = list(_each(wanted, _known))
    return (
        made,
        {sql: _known.plans[sql] for sql in _known.plans.keys() - plans},
        {query: _known.found[query] for query in _known.found.keys() - found},
    )
