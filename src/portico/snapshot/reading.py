"""Work in threads with a bounded queue: a long site must not lie in memory while it waits for its turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_AHEAD = 4


def in_threads(work: Callable[[T], R], things: Iterable[T], workers: int, batch: int) -> Iterator[list[R]]:
    """The results of `work` in order, in lists of at most `batch`. The first error ends everything."""
    results = _results(work, things, workers)
    while found := list(islice(results, batch)):
        yield found


def _results(work: Callable[[T], R], things: Iterable[T], workers: int) -> Iterator[R]:
    pending: deque[Future[R]] = deque()
    pool = ThreadPoolExecutor(workers, thread_name_prefix="freeze")
    try:
        for thing in things:
            pending.append(pool.submit(work, thing))
            if len(pending) >= workers * _AHEAD:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
