"""Restart a replica that takes more and more, or that answered badly before it was ejected."""

from __future__ import annotations

from collections.abc import Sequence

from portico.model import MIRROR
from portico.respond.actions import action, causes
from portico.respond.actions.action import Action, Limit, Proposal
from portico.respond.actions.situation import Open, Situation


class RestartReplica(Action):
    name = "restart-replica"
    meaning = "Restart a replica that takes more and more memory, or that was ejected for bad answers."
    kind = "restart"
    limit = Limit(per_hour=4, per_day=12, again_s=900)

    def propose(self, now: Situation) -> Proposal | None:
        for one in now.open:
            ejected = one.finding.alert in causes.ERRING and one.replica in now.ejected
            if one.replica and (ejected or one.finding.alert in causes.GROWING):
                return _proposal(one.replica, now, one)
        return None

    def by_hand(self, words: Sequence[str], now: Situation) -> Proposal:
        known = [*now.replicas, MIRROR]
        return _proposal(action.chosen(words, known, "replica"), now)


def _proposal(replica: str, now: Situation, because: Open | None = None) -> Proposal:
    words = f"Restart replica {replica}: it finishes its answers first, the others serve meanwhile."
    return Proposal({"target": replica}, words, replica, touches=now.cluster_of(replica), because=because)
