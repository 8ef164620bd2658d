"""Publishing, by the ledger's events since the look before, and what else is done to plan: backups, scans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from portico.kit.errors import PorticoError
from portico.ledger.ledger import Ledger
from portico.model import Event
from portico.watch import signal
from portico.watch.collect.histogram import Histogram
from portico.watch.collect.protocol import Base
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal
from portico.watch.watched import Watched

KINDS = ("publish", "rollback")
RESULTS = ("done", "failed")
BOUNDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

TO_LIVE = Metric(
    "portico_publish_to_live_seconds",
    Kind.HISTOGRAM,
    "seconds",
    "From the order to the flip at the edge, rollbacks too.",
    "publishing",
)
ORDERS = Metric(
    "portico_publish_orders_total",
    Kind.COUNTER,
    "",
    "Publishes and rollbacks that ended since the watcher was started.",
    "publishing",
    ("kind", "result"),
)
QUEUE = Metric(
    "portico_publish_queue", Kind.GAUGE, "", "Publishes and rollbacks that aren't at their end.", "publishing"
)
WAITED = Metric(
    "portico_publish_waited_seconds",
    Kind.GAUGE,
    "seconds",
    "Age of the oldest of them; 0 when there is none.",
    "publishing",
)
AGE = Metric(
    "portico_publish_age_seconds", Kind.GAUGE, "seconds", "Since the last one that went well.", "publishing"
)
OK = Metric("portico_publish_ok", Kind.GAUGE, "", "1 when the last one went well.", "publishing")
TASK_AGE = Metric(
    "portico_task_age_seconds",
    Kind.GAUGE,
    "seconds",
    "Since the last backup or scan; none where none was ever made.",
    "publishing",
    ("task",),
)
TASK_OK = Metric("portico_task_ok", Kind.GAUGE, "", "1 when that one went well.", "publishing", ("task",))
TASKS = {"backup.done": "backup", "scan.done": "scan"}
"""Kinds of events, whose data may say `ok: false`."""


class PublishingCollector(Base):
    name = "publishing"
    metrics = (TO_LIVE, ORDERS, QUEUE, WAITED, AGE, OK, TASK_AGE, TASK_OK)

    def __init__(self, watched: Watched) -> None:
        self._ledger = watched.ledger
        self._to_live = Histogram(BOUNDS)
        self._ended: Counter[tuple[str, str]] = Counter()
        self._last: dict[str, Event] = {}
        self._seq: int | None = None

    def collect(self, now: float, /) -> Iterator[Signal]:
        self._read_on()
        yield from self._to_live.signals(TO_LIVE.name)
        for kind in KINDS:
            for result in RESULTS:
                yield signal.of(ORDERS.name, self._ended[kind, result], kind=kind, result=result)
        waiting = [order for order in self._ledger.open_orders() if order.kind in KINDS]
        yield signal.of(QUEUE.name, len(waiting))
        yield signal.of(WAITED.name, max((now - order.at for order in waiting), default=0.0))
        yield from self._latest(now)

    def _latest(self, now: float) -> Iterator[Signal]:
        if released := self._last.get("released"):
            yield signal.of(AGE.name, now - released.at)
        if ended := self._last.get("ended"):
            yield signal.of(OK.name, ended.kind == "order.done")
        for kind, task in TASKS.items():
            if done := self._last.get(kind):
                yield signal.of(TASK_AGE.name, now - done.at, task=task)
                yield signal.of(TASK_OK.name, bool(done.data.get("ok", True)), task=task)

    def _read_on(self) -> None:
        if self._seq is None:
            self._begin()
            return
        for event in self._ledger.events(after=self._seq):
            self._seq = event.seq
            self._note(event)
            self._count(event)

    def _begin(self) -> None:
        """Of what happened before the watcher was started, only the last of each kind counts."""
        newest = self._ledger.events(last=1)
        self._seq = newest[-1].seq if newest else 0
        kinds = ("released", *TASKS)
        found = [event for kind in kinds for event in self._ledger.events(kind=kind, last=1)]
        ended = [
            event for result in RESULTS for event in self._ledger.events(kind=f"order.{result}", last=20)
        ]
        for event in sorted((*found, *ended), key=lambda event: event.seq):
            self._note(event)

    def _note(self, event: Event) -> None:
        if event.kind == "released" or event.kind in TASKS:
            self._last[event.kind] = event
        elif _ended(event):
            self._last["ended"] = event

    def _count(self, event: Event) -> None:
        if _ended(event):
            self._ended[event.subject, event.kind.removeprefix("order.")] += 1
        elif event.kind == "live" and (asked := _asked(self._ledger, event)) is not None:
            self._to_live.observe(max(0.0, event.at - asked))


def _ended(event: Event) -> bool:
    return event.kind in {"order.done", "order.failed"} and event.subject in KINDS


def _asked(ledger: Ledger, live: Event) -> float | None:
    """When what is live now was ordered."""
    try:
        return ledger.get_order(live.data["order"]).at
    except (KeyError, PorticoError):
        return None
