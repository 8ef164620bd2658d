"""Renders a list of URLs and asks their queries; many are shared out to processes that see the same revision.

The processes are fresh ones: to fork one that has threads could leave a lock of SQLite's held for good.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from django.db import connection

from portico.studio.freezing import targets
from portico.studio.freezing.queries import answers
from portico.studio.freezing.rendering import render, worker

PARALLEL_FROM = 400
"""Starting processes takes seconds: fewer pages than this are rendered sooner without."""
AT_ONCE = 25


class MovedError(Exception):
    """A process found another revision than the one that is being frozen: begin again."""


def rendered(
    wanted: Sequence[targets.Target], revision: int, known: answers.Answers
) -> Iterator[render.Rendered]:
    """`known` gets the answers of all the queries."""
    if len(wanted) < PARALLEL_FROM or (os.cpu_count() or 1) < 2:
        yield from each(wanted, known)
        return
    with ProcessPoolExecutor(
        max_workers=os.cpu_count(),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=worker.begin,
        initargs=(revision, dict(connection.settings_dict)),
    ) as pool:
        for learned in pool.map(worker.render, _slices(wanted)):
            if learned is None:
                raise MovedError
            made, plans, found = learned
            known.plans |= plans
            known.found |= found
            yield from made


def each(wanted: Iterable[targets.Target], known: answers.Answers) -> Iterator[render.Rendered]:
    """In this process."""
    for target in wanted:
        made = render.render(target)
        with render.public():
            known.add(made.queries, target.path)
        yield made


def _slices(wanted: Sequence[targets.Target]) -> Iterator[list[targets.Target]]:
    return (list(wanted[start : start + AT_ONCE]) for start in range(0, len(wanted), AT_ONCE))
