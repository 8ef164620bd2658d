"""Each store: how many snapshots, whether what is live is among them, how much room is left."""

from __future__ import annotations

import os
from collections.abc import Iterator

from portico.model import MIRROR
from portico.store.layout import Store
from portico.watch import signal
from portico.watch.collect.protocol import Base
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal
from portico.watch.watched import Watched

_LABELS = ("store",)
SNAPSHOTS = Metric(
    "portico_store_snapshots", Kind.GAUGE, "", "Snapshots that the store holds whole.", "stores", _LABELS
)
LIVE = Metric(
    "portico_store_holds_live", Kind.GAUGE, "", "1 when it holds what visitors shall see.", "stores", _LABELS
)
FREE = Metric(
    "portico_store_free_bytes", Kind.GAUGE, "bytes", "Room left on its file system.", "stores", _LABELS
)


class StoresCollector(Base):
    name = "stores"
    metrics = (SNAPSHOTS, LIVE, FREE)

    def __init__(self, watched: Watched) -> None:
        self._ledger = watched.ledger
        home = watched.home
        self._stores = {name: Store(home.store(name)) for name in (*watched.clusters, MIRROR)}
        self._stores["origin"] = Store(home.origin)

    def collect(self, _now: float, /) -> Iterator[Signal]:
        live = self._ledger.wanted().get("snapshot")
        for name, store in self._stores.items():
            if not store.snapshots.is_dir():
                continue
            held = sum(1 for _ in store.snapshots.glob("*.json"))
            room = os.statvfs(store.root)
            yield signal.of(SNAPSHOTS.name, held, store=name)
            yield signal.of(FREE.name, room.f_bavail * room.f_frsize, store=name)
            if live:
                yield signal.of(LIVE.name, store.manifest(live).exists(), store=name)
