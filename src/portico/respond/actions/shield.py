"""Tighter limits and a cache for everything while the site is attacked."""

from __future__ import annotations

from collections.abc import Sequence

from portico.model import Order
from portico.respond.actions import action, causes
from portico.respond.actions.action import Action, Limit, Proposal, Undo
from portico.respond.actions.situation import Open, Situation

LONGEST_S = 6 * 3600.0
"""The keeper itself takes the shield down after so long, whether anybody watches or not."""


class Shield(Action):
    name = "shield"
    meaning = "Tighter limits for each address, and a cache for everything, while the site is attacked."
    kind = "shield"
    limit = Limit(per_hour=2, per_day=6, again_s=600)
    undoable = True
    waits_for = frozenset({action.DRILL})

    def propose(self, now: Situation) -> Proposal | None:
        found = causes.first(now, causes.FLOODED)
        return _proposal(now, found) if found and not now.shielded else None

    def by_hand(self, words: Sequence[str], now: Situation) -> Proposal:
        action.no_words(words, self.name)
        return _proposal(now)

    def undo(self, order: Order) -> Undo | None:  # noqa: ARG002 - whichever order it was
        return Undo("shield", {"on": False}, "Take the shield down: the usual limits hold again.")

    def over(self, order: Order, now: Situation) -> str:
        """Calm for so long as the settings say."""
        calm_s = now.settings.actions.shield_calm_s
        since = now.calm_since(causes.FLOODED)
        if not now.shielded or since is None or now.now - max(since, order.at) < calm_s:
            return ""
        return f"No sign of an attack for {calm_s / 60:.0f} min."


def _proposal(now: Situation, because: Open | None = None) -> Proposal:
    asked = now.settings.actions
    words = (
        f"Raise the shield: an address gets {asked.shield_requests_per_second} requests a second and"
        f" {asked.shield_connections} connections, and the cache keeps everything for some seconds."
    )
    return Proposal({"on": True, "until": now.now + LONGEST_S}, words, because=because)
