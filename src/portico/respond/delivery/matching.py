"""What a silence is about: words that must all fit a trouble. Pure.

`replica-hung:a*` fits the finding's key or its alert's name; `cluster=a`, `severity=warning` and
`incident=12` fit what is known of it; `*` fits everything. A star stands for anything.
"""

from __future__ import annotations

import fnmatch
import re

from portico.kit.errors import PorticoError
from portico.ledger.incidents import Incident, Member

_WORD = re.compile(r"(?:(?P<name>[a-z_]+)=)?(?P<glob>[\w.:/*?-]+)")


def check(matcher: str) -> None:
    """Raises PorticoError when it could never fit."""
    words = matcher.split()
    wrong = [word for word in words if not _WORD.fullmatch(word)]
    if not words or wrong:
        raise PorticoError(
            f"expected words such as replica-hung:a* or cluster=a, got {' '.join(wrong) or 'nothing'}",
            where="silence",
        )


def fits(matcher: str, incident: Incident, member: Member) -> bool:
    return all(_fits(word, incident, member) for word in matcher.split())


def _fits(word: str, incident: Incident, member: Member) -> bool:
    found = _WORD.fullmatch(word)
    if found is None:
        return False
    values = _known(incident, member).get(found["name"] or "", ())
    return any(fnmatch.fnmatchcase(value, found["glob"]) for value in values)


def _known(incident: Incident, member: Member) -> dict[str, tuple[str, ...]]:
    known = {name: (str(value),) for name, value in member.data.items()}
    return {
        **known,
        "": (member.key, member.alert),
        "alert": (member.alert,),
        "severity": (member.severity.value,),
        "incident": (str(incident.id),),
    }
