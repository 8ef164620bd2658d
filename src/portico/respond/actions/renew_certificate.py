"""Have the local authority sign the certificate anew, or read the company's own file again."""

from __future__ import annotations

from collections.abc import Sequence

from portico.respond.actions import action, causes
from portico.respond.actions.action import Action, Limit, Proposal
from portico.respond.actions.situation import Open, Situation


class RenewCertificate(Action):
    name = "renew-certificate"
    meaning = "Sign the certificate anew, or read its file again, and swap it in without a reload."
    kind = "renew"
    limit = Limit(per_hour=1, per_day=4, again_s=6 * 3600)
    waits_for = frozenset({action.DRILL})

    def propose(self, now: Situation) -> Proposal | None:
        found = causes.first(now, causes.CERTIFICATE)
        return _proposal(now, found) if found else None

    def by_hand(self, words: Sequence[str], now: Situation) -> Proposal:
        action.no_words(words, self.name)
        return _proposal(now)


def _proposal(now: Situation, because: Open | None = None) -> Proposal:
    own = now.settings.edge.certificate
    what = f"Read {own.name} again" if own else "Have the local authority sign a new certificate"
    words = f"{what} and show it to visitors from then on; nobody's connection is closed."
    return Proposal({}, words, because=because)
