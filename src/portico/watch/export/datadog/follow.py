"""Follows the ledger in portions: it is the queue, so a crash or a long silence of Datadog loses nothing."""

from __future__ import annotations

from portico.ledger.ledger import Ledger
from portico.model import Event

KEPT = "datadog.followed"
OLDEST_S = 17 * 3600.0
"""Datadog takes nothing older than 18 hours."""


class Follower:
    """`name` is who follows; how far it came stands in the ledger. At its first start it begins with now."""

    def __init__(self, ledger: Ledger, name: str, most: int) -> None:
        self._ledger, self._name, self._most = ledger, name, most
        self._taken: list[Event] = []
        known, newest = self._known(), _newest(ledger)
        self._after = min(known.get(name, newest), newest)  # a ledger that was restored is behind
        self.too_old = 0
        """So many were passed over since the start."""
        if name not in known:
            self._keep(newest)

    def portion(self) -> list[Event]:
        """What comes next, the same until `done` is called."""
        while True:
            self._taken = self._ledger.events(after=self._after, first=self._most)
            young = [event for event in self._taken if self._ledger.now - event.at < OLDEST_S]
            self.too_old += len(self._taken) - len(young)
            if young or not self._taken:
                return young
            self.done()

    @property
    def has_more(self) -> bool:
        return len(self._taken) == self._most

    def done(self, event: Event | None = None) -> None:
        """All of the portion was told, or all up to `event`."""
        last = event or (self._taken[-1] if self._taken else None)
        if last is None or last.seq <= self._after:
            return
        self._keep(last.seq)

    def _keep(self, seq: int) -> None:
        self._after = seq
        with self._ledger.writing():
            self._ledger.see(KEPT, {**self._known(), self._name: seq})

    def _known(self) -> dict[str, int]:
        seen = self._ledger.seen(KEPT)
        return dict(seen[0]) if seen else {}


def _newest(ledger: Ledger) -> int:
    return max((event.seq for event in ledger.events(last=1)), default=0)
