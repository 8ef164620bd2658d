"""Long work in a process of its own, as nice as can be, so that freezing in the back never waits for it.

What is begun so imports no Django: starting it costs a fifth of a second.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import ParamSpec, TypeVar

from portico.studio.freezing.rendering import worker

P = ParamSpec("P")
T = TypeVar("T")

NICE = 19


def run(function: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """What it gives or raises; it ends with this process."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, fresh, _give_way, (NICE,)) as pool:
        return pool.submit(function, *args, **named).result()


def _give_way(nice: int) -> None:
    os.nice(nice)
    worker.end_with_parent()
