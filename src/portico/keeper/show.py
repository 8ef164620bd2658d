"""Writes the keeper's view into the ledger, for `portico status`, the live view and the console."""

from __future__ import annotations

import os
import time
from typing import Any

from portico.config import console
from portico.edge import runtime
from portico.keeper import status
from portico.keeper.helpers import studio
from portico.keeper.stack import Stack
from portico.keeper.world import Memory, Wanted, World
from portico.kit import process
from portico.kit.errors import PorticoError
from portico.ledger.ledger import Ledger
from portico.model import HELPERS, MIRROR
from portico.store.layout import Store

EVERY_S = 0.5


class Show:
    """Shows at once what changed in more than its numbers, and the numbers twice a second."""

    def __init__(self, stack: Stack, ledger: Ledger) -> None:
        self._stack = stack
        self._ledger = ledger
        self._at = 0.0
        self._mirror_held = 0.0
        self._shape: Any = None
        self._counted: tuple[float, int, float] = (0.0, 0, 0.0)

    def show(self, world: World, wanted: Wanted, memory: Memory, tick_ms: float) -> None:
        orders, found = self._ledger.open_orders(), self._ledger.findings()
        view = status.view(world, wanted, memory, self._extra(world, wanted, tick_ms), found, orders)
        shape = _shape(view)
        if time.monotonic() - self._at >= EVERY_S or shape != self._shape:
            self._at, self._shape = time.monotonic(), shape
            self._ledger.see("status", view)

    def mirror_age_s(self, world: World, wanted: Wanted) -> float | None:
        """Seconds for which the mirror has lacked what is live: 0 when it holds it, None before a publish."""
        since = self._live_since()
        if wanted.snapshot is None or since is None:
            return None
        if Store(self._stack.home.store(MIRROR)).manifest(wanted.snapshot).exists():
            self._mirror_held = world.now
            return 0.0
        return round(world.now - max(since, self._mirror_held), 3)

    def _live_since(self) -> float | None:
        last = self._ledger.events(kind="live", last=1)
        return last[0].at if last else None

    def _extra(self, world: World, wanted: Wanted, tick_ms: float) -> status.Extra:
        guard = process.recall(self._stack.home.record("guard"))
        age = self.mirror_age_s(world, wanted)
        return status.Extra(
            address=self._stack.address,
            plain=self._stack.plain,
            studio=self._studio(),
            console=self._console(),
            since=self._live_since(),
            keeper_pid=os.getpid(),
            guard_pid=guard.pid if guard else None,
            tick_ms=tick_ms,
            traffic=self._traffic(world),
            mirror_age_s=age,
            mirror_behind=bool(age),
        )

    def _studio(self) -> str | None:
        """Where editors find the studio."""
        if not self._stack.settings.runs_studio:
            return None
        asked = self._stack.settings.studio
        return studio.address(asked, studio.port_of(self._stack.home, asked))

    def _console(self) -> str | None:
        """Where operators find the console."""
        asked = self._stack.settings.console
        return console.address(self._stack.home, asked) if asked.enabled else None

    def _traffic(self, world: World) -> dict[str, Any]:
        if world.edge.servers is None:
            return {}
        try:
            seen = runtime.Runtime(self._stack.home.edge_socket).traffic()
        except PorticoError:
            return {}
        return {
            "requests": seen.requests,
            "rate": self._rate(seen.requests),
            "connections": seen.connections,
            "cache_hits": seen.cache_hits,
            "errors": seen.errors,
        }

    def _rate(self, requests: int) -> float:
        """Requests a second, measured over at least one second."""
        now = time.monotonic()
        last, before, _ = self._counted
        if now - last >= 1.0:
            rate = max(0, requests - before) / (now - last) if last else 0.0
            self._counted = (now, requests, round(rate, 1))
        return self._counted[2]


def _shape(view: dict[str, Any]) -> Any:
    """What of the view is worth a write at once: states and ids, not numbers that always move."""
    return (
        view["snapshot"],
        view["edge"]["state"],
        view["edge"]["pid"],
        view["mirror"]["state"],
        view["mirror"]["pid"],
        [(view[name]["state"], view[name]["pid"]) for name in HELPERS],
        [(c["state"], [(r["pid"], r["state"]) for r in c["replicas"]]) for c in view["clusters"]],
        (view["ejected"], view["shield"], view["mirror_only"]),
        [found["key"] for found in view["findings"]],
        [(order["id"], order["state"]) for order in view["orders"]],
    )
