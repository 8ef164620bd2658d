"""What somebody typed and the console didn't take yet: it waits for them on the page that they came from.

In this process's memory alone, for the session that typed it: no address, no cookie and no disk holds it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

KEPT_S = 900.0
"""As long as somebody looks for their phone, and not until tomorrow."""

MOST = 100
"""Sessions; the oldest is given up for a new one."""

_OURS = frozenset({"_token"})


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of the form that goes to `action`; it stands on `page`."""

    page: str
    action: str
    fields: Sequence[tuple[str, str]]


class Kept:
    """One form for each session: the one that was pressed last."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._mutex = threading.Lock()
        self._kept: dict[str, tuple[float, Typed]] = {}

    def keep(self, whose: str, typed: Typed) -> None:
        told = Typed(
            typed.page, typed.action, [(name, text) for name, text in typed.fields if name not in _OURS]
        )
        with self._mutex:
            self._kept.pop(whose, None)
            self._kept[whose] = (self._now() + KEPT_S, told)
            self._forget_some()

    def take(self, whose: str, page: str) -> Typed | None:
        """What was typed on that page, once."""
        with self._mutex:
            self._forget_some()
            found = self._kept.get(whose)
            if found is None or found[1].page != page:
                return None
            del self._kept[whose]
            return found[1]

    def drop(self, whose: str) -> None:
        """It was taken."""
        with self._mutex:
            self._kept.pop(whose, None)

    def _forget_some(self) -> None:
        now = self._now()
        for whose in [whose for whose, (until, _) in self._kept.items() if until <= now]:
            del self._kept[whose]
        while len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]
