"""The words around what is mailed to subscribers, in each of the status page's languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portico.ledger import bulletins


@dataclass(frozen=True, slots=True)
class Phrases:
    """`states` are of bulletins, by the ledger's."""

    confirm_subject: str
    confirm: str
    welcome_subject: str
    welcome: str
    planned: str
    leave: str
    states: Mapping[str, str] = field(default_factory=dict)


_ENGLISH = Phrases(
    confirm_subject="{title}: please confirm your address",
    confirm="""Somebody, hopefully you, wants to have mails from "{title}" sent to this address.

Open this page and press its button to confirm:

{link}

The code on that page is {code}. It is good for seven days.

It wasn't you? Then do nothing: nothing more is sent, and this address is forgotten.""",
    welcome_subject="{title}: you have subscribed",
    welcome="""From now on you hear of what is said at "{title}", one mail for each thing:

{link}""",
    planned="Planned from {span}",
    leave="To leave, open this page and press its button; your address is erased then:",
)
_GERMAN = Phrases(
    confirm_subject="{title}: Bitte bestätigen Sie Ihre Adresse",
    confirm="""Jemand, hoffentlich Sie, möchte, dass Mails von "{title}" an diese Adresse gesendet werden.

Öffnen Sie diese Seite und drücken Sie auf den Knopf, um das zu bestätigen:

{link}

Der Code auf dieser Seite ist {code}. Er gilt sieben Tage.

Das waren nicht Sie? Dann tun Sie nichts: Es wird nichts mehr gesendet, und diese Adresse wird vergessen.""",
    welcome_subject="{title}: Sie haben abonniert",
    welcome="""Ab jetzt erfahren Sie, was bei "{title}" gesagt wird, mit einer Mail für jedes:

{link}""",
    planned="Geplant: {span}",
    leave="Zum Abmelden öffnen Sie diese Seite und drücken auf den Knopf; Ihre Adresse wird dann gelöscht:",
    states=bulletins.GERMAN_STATES,
)
_TABLE: Mapping[str, Phrases] = {"en": _ENGLISH, "de": _GERMAN}


def of(language: str) -> Phrases:
    return _TABLE.get(language, _ENGLISH)
