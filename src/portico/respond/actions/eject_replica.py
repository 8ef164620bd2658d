"""Send no visitors to a replica that answers badly, and let it back after a while."""

from __future__ import annotations

from collections.abc import Sequence

from portico.model import Order
from portico.respond.actions import action, causes
from portico.respond.actions.action import Action, Limit, Proposal, Undo
from portico.respond.actions.situation import Open, Situation

READMIT_S = 300.0


class EjectReplica(Action):
    """It gets no more visitors while it is out, so it is tried again after some minutes, mostly restarted."""

    name = "eject-replica"
    meaning = "Send no visitors to a replica that answers badly; let it back after five calm minutes."
    kind = "eject"
    limit = Limit(per_hour=4, per_day=12, again_s=READMIT_S)
    undoable = True

    def propose(self, now: Situation) -> Proposal | None:
        for one in now.open:
            cluster = now.cluster_of(one.replica)
            others = [name for name in now.serving(cluster) if name != one.replica]
            if one.finding.alert in causes.ERRING and one.replica in now.serving(cluster) and others:
                return _proposal(one.replica, now, one)
        return None

    def by_hand(self, words: Sequence[str], now: Situation) -> Proposal:
        return _proposal(action.chosen(words, now.replicas, "replica"), now)

    def undo(self, order: Order) -> Undo | None:
        replica = order.args["replica"]
        return Undo("readmit", {"replica": replica}, f"Send visitors to replica {replica} again.")

    def over(self, order: Order, now: Situation) -> str:
        replica = str(order.args["replica"])
        calm = now.now - order.at >= READMIT_S and not now.about(replica)
        return (
            "It was out for five minutes and nothing is off with it."
            if calm and replica in now.ejected
            else ""
        )


def _proposal(replica: str, now: Situation, because: Open | None = None) -> Proposal:
    cluster = now.cluster_of(replica)
    others = [name for name in now.serving(cluster) if name != replica]
    rest = action.listed(others, "replica") + f" of cluster {cluster}" if others else "the other clusters"
    words = f"Eject replica {replica}: visitors are served by {rest}; it finishes what it answers."
    return Proposal({"replica": replica}, words, replica, touches=cluster, because=because)
