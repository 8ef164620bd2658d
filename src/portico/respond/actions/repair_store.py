"""Hold a store against its hashes, and replace what is wrong in it by another store's good copy."""

from __future__ import annotations

from collections.abc import Sequence

from portico.model import MIRROR
from portico.respond.actions import action, causes
from portico.respond.actions.action import Action, Limit, Proposal
from portico.respond.actions.situation import Open, Situation

PATIENCE_S = 30.0
"""A refused body is repaired by the keeper within a second or two; what stays needs the whole store read."""


class RepairStore(Action):
    """Takes nothing away from visitors, so it may run beside anything but its own kind."""

    name = "repair-store"
    meaning = "Read every byte of the live snapshot in a store, and repair what is wrong from another store."
    kind = "repair"
    limit = Limit(per_hour=2, per_day=8, again_s=1800)
    waits_for = frozenset({action.DRILL, action.RELEASE})

    def propose(self, now: Situation) -> Proposal | None:
        for one in now.open:
            stays = now.now - one.since >= PATIENCE_S
            if one.finding.alert in causes.SPOILT and one.cluster in {*now.clusters, MIRROR} and stays:
                return _proposal(one.cluster, one)
        return None

    def by_hand(self, words: Sequence[str], now: Situation) -> Proposal:
        return _proposal(action.chosen(words, [*now.clusters, MIRROR], "store"))


def _proposal(store: str, because: Open | None = None) -> Proposal:
    where = "the mirror's store" if store == MIRROR else f"the store of cluster {store}"
    words = (
        f"Repair {where}: every byte of the live snapshot is read, and what is wrong replaced by a good copy."
    )
    return Proposal({"cluster": store}, words, store, because=because)
