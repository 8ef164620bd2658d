"""Drain the cluster that visitors suffer from, so that the other one serves alone."""

from __future__ import annotations

from collections.abc import Sequence

from portico.model import Order
from portico.respond.actions import action, causes
from portico.respond.actions.action import Action, Limit, Proposal, Undo
from portico.respond.actions.situation import Open, Situation

JUST_BACK_S = 15.0


class FailOver(Action):
    name = "fail-over"
    meaning = "Drain a cluster that visitors suffer from, so that the other one serves."
    kind = "drain"
    limit = Limit(per_hour=1, per_day=3, again_s=3600)
    undoable = True

    def propose(self, now: Situation) -> Proposal | None:
        """One cluster answers wrongly, and another one, which doesn't, serves."""
        if _just_back(now):
            return None
        suffering = causes.suffering(now)
        for cluster, one in suffering.items():
            well = [name for name in now.others_serving(cluster) if name not in suffering]
            if now.serving(cluster) and well:
                return _proposal(cluster, now, one)
        return None

    def by_hand(self, words: Sequence[str], now: Situation) -> Proposal:
        return _proposal(action.chosen(words, now.clusters, "cluster"), now)

    def undo(self, order: Order) -> Undo | None:
        cluster = order.args["cluster"]
        return Undo("undrain", {"cluster": cluster}, f"Send visitors to cluster {cluster} again.")


def _just_back(now: Situation) -> bool:
    """Whether a cluster is down, or was a moment ago: looks that failed then say nothing about it now."""
    calm = now.calm_since(causes.DOWN)
    return calm is None or now.now - calm < JUST_BACK_S


def _proposal(cluster: str, now: Situation, because: Open | None = None) -> Proposal:
    others = now.others_serving(cluster)
    rest = f"{action.listed(others, 'cluster')} alone" if others else "the edge's cache and the mirror"
    words = f"Drain cluster {cluster}: visitors are served by {rest}."
    return Proposal({"cluster": cluster}, words, cluster, touches=cluster, takes_out=True, because=because)
