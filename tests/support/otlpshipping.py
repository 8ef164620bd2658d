"""Our OTLP export to an address, and a ledger with publishes to tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from portico.config.exporting import Otlp
from portico.ledger.ledger import Ledger
from portico.watch import signal
from portico.watch.export.exporter import Look
from portico.watch.export.otlp import exporter
from portico.watch.export.paced import Paced

SNAPSHOT = "5" * 64
AT = 1_800_000_000.0
DELTA, CUMULATIVE = 1, 2


class Clocked(Ledger):
    """Its clock is set by the test."""

    def __init__(self, path: Path) -> None:
        self.at = AT
        super().__init__(path, now=lambda: self.at)


@contextmanager
def shipping(url: str, ledger: Ledger) -> Iterator[Callable[..., Paced]]:
    """What it yields starts one more exporter."""
    made: list[Paced] = []

    def start(**settings: Any) -> Paced:
        settings = {"name": "there", "url": url, "every_s": 1, **settings}
        made.append(exporter.to(Otlp(**settings), "www.example.com", ledger))
        return made[-1]

    yield start
    for one in made:
        one.close()


def look(at: float, *signals: signal.Signal) -> Look:
    return Look(at, signals, {})


def publish(ledger: Clocked, *, failed: str = "") -> int:
    ledger.at = AT + 2.0
    ledger.record("frozen", SNAPSHOT, seconds=1.5)
    number = ledger.order("publish", {"snapshot": SNAPSHOT}, by="anna")
    order = ledger.get_order(number)
    ledger.take(order)
    for step, seconds in (
        ("check", 0.1),
        ("copy:a", 0.3),
        ("copy:b", 0.2),
        ("copy:mirror", 0.2),
        ("flip", 0.01),
    ):
        ledger.at += seconds
        ledger.record("publish.step", SNAPSHOT, order=number, step=step, seconds=seconds, note="")
    ledger.at += 0.1
    ledger.settle(
        order, "failed" if failed else "done", **({"why": failed} if failed else {"snapshot": SNAPSHOT})
    )
    return number
