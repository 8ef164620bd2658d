"""Recovery codes that were made just now, for whoever writes them down and loads the page again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

KEPT_S = 600.0
MOST = 100


class Codes:
    """In this process's memory alone, by the session that made them."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._mutex = threading.Lock()
        self._kept: dict[str, tuple[float, Sequence[str]]] = {}

    def keep(self, session: str, codes: Sequence[str]) -> None:
        with self._mutex:
            self._kept.pop(session, None)
            self._kept[session] = (self._now() + KEPT_S, codes)
            self._forget_some()

    def of(self, session: str) -> Sequence[str]:
        """Empty where none were made lately."""
        with self._mutex:
            self._forget_some()
            return self._kept.get(session, (0.0, ()))[1]

    def _forget_some(self) -> None:
        now = self._now()
        for session in [session for session, (until, _) in self._kept.items() if until <= now]:
            del self._kept[session]
        while len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]
