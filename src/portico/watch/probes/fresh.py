"""How long after a flip the new snapshot was seen, by a page that it changed."""

from __future__ import annotations

import time
from dataclasses import replace

from portico.model import Digest
from portico.watch.probes.expected import Expectations, Live
from portico.watch.probes.looks import Outcome


class Fresh:
    """One target's; looks ask for the page that is wanted, and say when all was right."""

    def __init__(self, expectations: Expectations) -> None:
        self._expectations = expectations
        self._before: Digest | None = None
        self._waiting: tuple[Live, tuple[str, ...]] | None = None
        self.took_s: float | None = None

    def wanted(self, live: Live) -> tuple[str, ...]:
        """The page to look at for it, until `seen`."""
        if self._before not in {None, live.snapshot}:
            self._waiting = (live, tuple(self._expectations.changed(self._before or "", live.snapshot)))
        self._before = live.snapshot
        return self._waiting[1] if self._waiting else ()

    def seen(self, live: Live) -> None:
        if self._waiting and self._waiting[0] == live:
            self.took_s = max(0.0, time.time() - live.since)
            self._waiting = None

    def told(self, found: Outcome) -> Outcome:
        """The outcome with the time that the last publish took, once there was one."""
        if self.took_s is None:
            return found
        return replace(found, phases={**found.phases, "fresh": self.took_s})
