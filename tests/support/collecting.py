"""What a collector is told about a stack, without a stack: a home, a ledger, settings, and what it gives."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from portico.config.home import Home
from portico.config.models import Settings
from portico.ledger.ledger import Ledger
from portico.store import signing
from portico.watch import registry
from portico.watch.collect.protocol import Collector
from portico.watch.signal import Signal
from portico.watch.watched import Watched

NOW = 1_800_000_000.0


@contextlib.contextmanager
def watched(root: Path, settings: Settings | None = None, *, now: float = NOW) -> Iterator[Watched]:
    """Its ledger's clock stands still at `now`."""
    home = Home(root).create()
    if not home.public_key.exists():
        signing.create_keys(home.signing_key, home.public_key)
    ledger = Ledger(home.ledger, now=lambda: now)
    try:
        yield Watched(home, settings or Settings(), None, ledger, signing.load_public(home.public_key))
    finally:
        ledger.close()


def numbers(collector: Collector, now: float = NOW) -> dict[str, float]:
    """What it gives, by series key, after a look at its manners."""
    signals = list(collector.collect(now))
    check(signals)
    return {signal.key: signal.value for signal in signals}


def check(signals: Iterable[Signal]) -> None:
    """Each signal is of a registered metric with exactly its labels, and each series is given once."""
    seen = set()
    for signal in signals:
        metric = registry.find(signal.name)
        assert metric, f"{signal.name} is not in the registry"
        labels = {name for name, _ in signal.labels} - ({"le"} if signal.name.endswith("_bucket") else set())
        assert labels == set(metric.labels), signal.key
        assert signal.key not in seen, f"{signal.key} comes twice"
        seen.add(signal.key)
