"""Going back: a publisher's wish to undo the last publish, and what an operator rolled back by hand."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from portico.ledger.ledger import Ledger
from portico.model import Digest, Order
from portico.release import procedure, told
from portico.release.due import Known
from portico.release.ordering import Orders
from portico.release.studio import Wish
from portico.release.told import Board

_LATE = "Something else was published meanwhile."
_FIRST = "There is nothing before it to go back to."
_BACK = "The last publish was undone already."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a wish. `held` is the revision at which it went back, None where it didn't."""

    ok: bool
    said: str
    held: int | None = None


class Undo:
    def __init__(self, ledger: Ledger, orders: Orders, board: Board) -> None:
        self._ledger = ledger
        self._orders = orders
        self._board = board

    def grant(self, wish: Wish, revision: int | None) -> Outcome:
        """Go back at once. Asked again, because we were interrupted, it tells what came of it before."""
        if wish.kind != "undo":
            return Outcome(ok=False, said=f"Nobody here knows what {wish.kind} is.")
        given = self._orders.wished(wish.id)
        if given is None:
            live = self._live()
            target, why = self._target(wish, live)
            if why:
                return Outcome(ok=False, said=why)
            args = {"snapshot": target, "instead_of": live, "wish": wish.id, "revision": revision}
            given = self._orders.give(procedure.ROLLBACK, args, by=wish.by)
        return self._outcome(self._orders.follow(given, lambda _order, _far: None))

    def notice(self, known: Known) -> None:
        """Tell editors when an operator went back from what they had published."""
        live, now = self._live(), self._board.now
        if now is None or now.state != told.LIVE or live in {None, known.snapshot}:
            return
        last = self._ledger.events(kind="order.done", last=1)
        if last and last[0].subject == procedure.ROLLBACK and last[0].data.get("before") == known.snapshot:
            order = self._ledger.get_order(last[0].data["order"])
            self._board.tell(_undone(now, live, order.by, last[0].at))

    def _outcome(self, order: Order) -> Outcome:
        if order.state != "done":
            return Outcome(ok=False, said=str(order.result.get("why") or "It could not be undone."))
        now = self._board.now
        if now and now.state != told.ROLLED_BACK:
            self._board.tell(_undone(now, order.result.get("snapshot"), order.by, time.time()))
        seconds = float(order.result.get("seconds") or 0)
        return Outcome(ok=True, said=f"Undone in {seconds:.1f} s.", held=order.args.get("revision"))

    def _target(self, wish: Wish, live: Digest | None) -> tuple[Digest | None, str]:
        """What was live before the last publish, or why there is nothing to do."""
        if live is None or (wish.snapshot and not self._orders.is_edit_of(wish.snapshot, live)):
            return None, _LATE
        kind, before = self._orders.before_last_edit(live)
        if kind == procedure.ROLLBACK:
            return None, _BACK
        return before, "" if before else _FIRST

    def _live(self) -> Digest | None:
        found: Digest | None = self._ledger.wanted().get("snapshot")
        return found


def _undone(now: told.Told, live: Digest | None, by: str, at: float) -> told.Told:
    return replace(
        now, state=told.ROLLED_BACK, snapshot=live, before=None, undone={"by": by, "at": round(at, 3)}
    )
