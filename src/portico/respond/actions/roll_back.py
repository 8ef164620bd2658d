"""Go back to the snapshot before, when a publish went live shortly before visitors began to suffer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from portico.model import Order
from portico.respond.actions import action, causes
from portico.respond.actions.action import Action, Limit, Proposal, Undo
from portico.respond.actions.situation import Open, Situation

SHORTLY_S = 900.0
SHORT = 12
"""How much of a snapshot's id people read."""


class RollBack(Action):
    """Of several causes the last change is the likeliest. Never twice: what a rollback made live stays."""

    name = "roll-back"
    meaning = "Roll back a publish that went live shortly before visitors began to suffer."
    kind = "rollback"
    limit = Limit(per_hour=1, per_day=3, again_s=3600)
    undoable = True

    def propose(self, now: Situation) -> Proposal | None:
        live = now.live
        if live is None or live.kind != "publish" or live.before in {None, live.snapshot}:
            return None
        for one in now.open:
            if causes.felt(one) and _follows(one, live.at):
                found = _proposal(str(live.before), now, one)
                return replace(found, args={**found.args, "instead_of": live.snapshot})
        return None

    def by_hand(self, words: Sequence[str], now: Situation) -> Proposal:
        if not words and now.live and now.live.before:
            return _proposal(now.live.before, now)
        if len(words) != 1 or len(words[0]) != 64:
            raise action.WrongArgumentsError(
                "expected the whole id of a snapshot", hint="portico rollback takes the beginning of one, too"
            )
        return _proposal(words[0], now)

    def holds(self, args: Mapping[str, Any], now: Situation) -> bool:
        """Whoever published meanwhile, perhaps what mends it, must not lose it by a late yes."""
        return now.live is not None and now.live.snapshot == args.get("instead_of")

    def undo(self, order: Order) -> Undo | None:
        before = order.result.get("before")
        if not before:
            return None
        return Undo("rollback", {"snapshot": before}, f"Make snapshot {before[:SHORT]} live again.")


def _follows(one: Open, live_at: float) -> bool:
    return live_at <= one.since <= live_at + SHORTLY_S


def _proposal(snapshot: str, now: Situation, because: Open | None = None) -> Proposal:
    live = f" instead of {now.live.snapshot[:SHORT]}" if now.live else ""
    words = f"Roll back: every visitor gets snapshot {snapshot[:SHORT]}{live} at once."
    return Proposal({"snapshot": snapshot}, words, snapshot, because=because)
