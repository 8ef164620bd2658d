"""Signs of life of a process that is at something long: its record is touched meanwhile."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

EVERY_S = 0.5


@contextlib.contextmanager
def beating(beat: Callable[[], None]) -> Iterator[None]:
    """Beat beside the block, which has a time limit of its own."""
    ended = threading.Event()

    def go_on() -> None:
        while not ended.wait(EVERY_S):
            beat()

    thread = threading.Thread(target=go_on, daemon=True, name="beat")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
