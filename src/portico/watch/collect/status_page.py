"""How old the public status page is, as the keeper tells it; and its subscribers, as the relay does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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
SUBSCRIBERS = "subscribers"
"""Under which the relay writes down how many there are; never who."""


def _count(name: str, meaning: str) -> Metric:
    return Metric(f"portico_status_page_{name}", Kind.GAUGE, "", meaning, "status page")


_COUNTS = {
    "confirmed": _count("subscribers", "Addresses that the status page's words are mailed to."),
    "waiting": _count("mails_waiting", "Mails to them that aren't sent yet."),
    "failed": _count("mails_failed", "Mails that were given up in the last thirty days."),
    "queued": _count("addresses_queued", "Addresses that wait for the mail by which they confirm."),
}
TURNED_AWAY = Metric(
    "portico_status_page_addresses_turned_away_total",
    Kind.COUNTER,
    "",
    "Addresses that weren't taken, as a week's worth of others waits before them.",
    "status page",
)


class StatusPageCollector(Base):
    name = "status_page"
    metrics = (AGE, *_COUNTS.values(), TURNED_AWAY)

    def __init__(self, watched: Watched) -> None:
        self._ledger = watched.ledger
        self._wanted = watched.settings.status_page.enabled

    def collect(self, now: float, /) -> Iterator[Signal]:
        if self._wanted and (seen := self._ledger.seen(SEEN)):
            yield signal.of(AGE.name, max(0.0, now - seen[1]))
        if kept := self._ledger.seen(SUBSCRIBERS):
            yield from counted(kept[0])


def counted(told: Mapping[str, int]) -> Iterator[Signal]:
    """From what the relay wrote down; an older one's tells less."""
    named = {name: one.name for name, one in _COUNTS.items()} | {"turned_away": TURNED_AWAY.name}
    return (signal.of(metric, told[name]) for name, metric in named.items() if name in told)
