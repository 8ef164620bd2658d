"""Make room: delete what is out of retention sooner, and shorten logs."""

from __future__ import annotations

from collections.abc import Sequence

from portico.respond.actions import action, causes
from portico.respond.actions.action import Action, Limit, Proposal
from portico.respond.actions.situation import Open, Situation


class FreeDisk(Action):
    name = "free-disk"
    meaning = "Delete the snapshots beyond the last ones that are kept, sooner; shorten long logs."
    kind = "free-disk"
    limit = Limit(per_hour=1, per_day=4, again_s=3600)
    waits_for = frozenset({action.DRILL, action.RELEASE})

    def propose(self, now: Situation) -> Proposal | None:
        found = causes.first(now, causes.FULL)
        return _proposal(now, found) if found else None

    def by_hand(self, words: Sequence[str], now: Situation) -> Proposal:
        action.no_words(words, self.name)
        return _proposal(now)


def _proposal(now: Situation, because: Open | None = None) -> Proposal:
    kept = now.settings.snapshots
    words = (
        f"Delete all but the last {kept.keep} snapshots now instead of after {kept.keep_days:g} days,"
        " and all but the end of long logs. What is deleted is gone."
    )
    return Proposal({}, words, because=because)
