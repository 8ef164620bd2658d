"""How old the public status page is, as the keeper tells it."""

from __future__ import annotations

from collections.abc import Iterator

from portico.watch import signal
from portico.watch.collect.protocol import Base
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal
from portico.watch.watched import Watched

SEEN = "status_page"
"""Under which the keeper writes down what it published."""

AGE = Metric(
    "portico_status_page_age_seconds",
    Kind.GAUGE,
    "seconds",
    "Since the public status page was made; it is made anew each minute.",
    "status page",
)


class StatusPageCollector(Base):
    name = "status_page"
    metrics = (AGE,)

    def __init__(self, watched: Watched) -> None:
        self._ledger = watched.ledger
        self._wanted = watched.settings.status_page.enabled

    def collect(self, now: float, /) -> Iterator[Signal]:
        if self._wanted and (seen := self._ledger.seen(SEEN)):
            yield signal.of(AGE.name, max(0.0, now - seen[1]))
