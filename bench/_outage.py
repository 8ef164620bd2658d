"""Outages that last: what is stopped is stopped again whenever somebody starts it anew."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator, Sequence

from portico.config.home import Home
from portico.kit import process

AGAIN_S = 0.02


@contextlib.contextmanager
def frozen(home: Home, parts: Sequence[str]) -> Iterator[None]:
    """The parts answer nothing inside; the keeper heals in vain."""
    over = threading.Event()

    def hold() -> None:
        while not over.is_set():
            for part in parts:
                _signal(home, part, signal.SIGSTOP)
            over.wait(AGAIN_S)
        for part in parts:
            _signal(home, part, signal.SIGCONT)

    holder = threading.Thread(target=hold, daemon=True)
    holder.start()
    try:
        yield
    finally:
        over.set()
        holder.join()


def _signal(home: Home, part: str, number: signal.Signals) -> None:
    if known := process.recall(home.record(part)):
        for one in (known, *process.children(known)):
            process.kill(one, number)
