"""Writes down when the edge let go of a replica by itself, and when it took it back: incidents tell it."""

from __future__ import annotations

from portico.keeper.world import ServerSeen, World
from portico.ledger.ledger import Ledger


class Chronicle:
    """Compares each look with the one before; what was out for less than a tick is nobody's story."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._before: dict[str, ServerSeen] = {}
        self._out: set[str] = set()

    def note(self, world: World) -> None:
        for name, server in (world.edge.servers or {}).items():
            before = self._before.get(name)
            seen = world.replicas.get(name)
            where = {"cluster": seen.cluster} if seen else {}
            if before and _serves(before) and server.admin == "ready" and not server.up:
                self._out.add(name)
                self._ledger.record("replica.ejected", name, **where)
            elif name in self._out and _serves(server):
                self._out.discard(name)
                self._ledger.record("replica.serves", name, **where)
        self._before = dict(world.edge.servers or {})


def _serves(server: ServerSeen) -> bool:
    return server.up and server.admin == "ready"
