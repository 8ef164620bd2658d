"""Orders that the freezer gives the keeper, and follows to their end."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portico.config.home import Home
from portico.kit import unixsocket
from portico.ledger.ledger import Ledger
from portico.model import Digest, Order
from portico.release import procedure
from portico.release.procedure import Progress

POLL_S = 0.01
SLOW_POLL_S = 0.1
SLOW_AFTER_S = 5.0
_LOOKED_BACK = 50

BEHIND = "behind"
"""Says of a publish that it brings the search index of what people published before, and no more."""


@dataclass(frozen=True, slots=True)
class Orders:
    """`alive` is called while an order is waited for."""

    home: Home
    ledger: Ledger
    alive: Callable[[], None]

    def give(self, kind: str, args: Mapping[str, Any], by: str) -> int:
        """Order it, unless it stands in the ledger since before we were interrupted."""
        number = self._open(kind, args) or self.ledger.order(kind, args, by=by)
        unixsocket.poke(self.home.keeper_socket)
        return number

    def follow(self, number: int, tell: Callable[[Order, Progress | None], None]) -> Order:
        """Wait for its end; `tell` hears of it and of each step."""
        began, shown = time.monotonic(), -1
        while True:
            order = self.ledger.get_order(number)
            progress = procedure.load(self.ledger.progress(number))
            done = len(progress.done) if progress else 0
            if done != shown or order.state in {"done", "failed"}:
                shown = done
                tell(order, progress)
            if order.state in {"done", "failed"}:
                return order
            self.alive()
            time.sleep(POLL_S if time.monotonic() - began < SLOW_AFTER_S else SLOW_POLL_S)

    def went_live(self, number: int) -> float | None:
        """When the edge was flipped by that order, seconds since the epoch."""
        events = self.ledger.events(kind="live", last=_LOOKED_BACK)
        return next((event.at for event in reversed(events) if event.data.get("order") == number), None)

    def way_of(self, live: Digest) -> tuple[str, Digest | None]:
        """The kind of the order that made it live, and what was live before."""
        kind, before, _behind = self._way(live)
        return kind, before

    def _way(self, live: Digest) -> tuple[str, Digest | None, bool]:
        for event in reversed(self.ledger.events(kind="released", last=_LOOKED_BACK)):
            if event.subject == live:
                order = self.ledger.get_order(event.data["order"])
                return order.kind, event.data.get("before"), bool(order.args.get(BEHIND))
        return "", None, False

    def before_last_edit(self, live: Digest) -> tuple[str, Digest | None]:
        """As `way_of`, for the last publish that people made; the search index after it is part of it."""
        for _ in range(_LOOKED_BACK):
            kind, before, behind = self._way(live)
            if not behind or before is None:
                return kind, before
            live = before
        return "", None

    def is_edit_of(self, snapshot: Digest, live: Digest) -> bool:
        """Whether they are one publish by people: the same, or `live` brought the search index of it."""
        for _ in range(_LOOKED_BACK):
            if snapshot == live:
                return True
            _kind, before, behind = self._way(live)
            if not behind or before is None:
                return False
            live = before
        return False

    def gone_back_since(self, order: Order) -> bool:
        """Whether a rollback overtook it: who goes back while we publish wants to be back, also of this."""
        if not str(order.result.get("why", "")).startswith("overtaken"):
            return False
        later = self.ledger.events(kind="order.given", last=_LOOKED_BACK)
        return any(one.subject == procedure.ROLLBACK and one.data["order"] > order.id for one in later)

    def wished(self, wish: int) -> int | None:
        """The order that was given for a wish: it is granted once for ever, whoever was interrupted."""
        events = self.ledger.events(kind="order.given", last=1000)
        asked = (event for event in events if event.data["args"].get("wish") == wish)
        return next((int(event.data["order"]) for event in asked), None)

    def _open(self, kind: str, args: Mapping[str, Any]) -> int | None:
        same = (one for one in self.ledger.open_orders() if one.kind == kind and one.args == dict(args))
        return next((one.id for one in same), None)
