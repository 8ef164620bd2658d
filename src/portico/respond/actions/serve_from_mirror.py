"""Let the mirror alone answer, when no cluster can be trusted."""

from __future__ import annotations

from collections.abc import Sequence

from portico.model import Order
from portico.respond.actions import action, causes
from portico.respond.actions.action import Action, Limit, Proposal, Undo
from portico.respond.actions.situation import Open, Situation


class ServeFromMirror(Action):
    """The last resort takes every cluster away, so it is never done by itself (invariant 6)."""

    name = "serve-from-mirror"
    meaning = "Drain every cluster, so that the mirror alone answers."
    kind = "mirror"
    limit = Limit(per_hour=1, per_day=2, again_s=3600)
    undoable = True

    def propose(self, now: Situation) -> Proposal | None:
        """Visitors suffer from every cluster that serves, and the mirror holds what is live."""
        suffering = causes.suffering(now)
        serving = [name for name in now.clusters if now.serving(name)]
        if not serving or not now.mirror_ready or not all(name in suffering for name in serving):
            return None
        return _proposal(suffering[serving[0]])

    def by_hand(self, words: Sequence[str], now: Situation) -> Proposal:  # noqa: ARG002 - the Protocol's
        action.no_words(words, self.name)
        return _proposal()

    def undo(self, order: Order) -> Undo | None:  # noqa: ARG002 - whichever order it was
        return Undo("mirror", {"on": False}, "Send visitors to the clusters again.")


def _proposal(because: Open | None = None) -> Proposal:
    words = "Serve from the mirror alone: every cluster finishes what it answers and gets no more visitors."
    return Proposal({"on": True}, words, touches="every", takes_out=True, because=because)
