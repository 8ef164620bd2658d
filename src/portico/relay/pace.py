"""When what failed is tried again, and when it is put aside. Pure: it is told the time.

While the studio or its database is down everything waits. What the studio stumbles over holds back the later
posts of its form, so that their order is kept, and nobody else's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from portico.relay.studio import Answer

FIRST_S, LONGEST_S = 0.25, 15.0
STUMBLED_FIRST_S, STUMBLED_LONGEST_S = 1.0, 300.0
STUMBLED_MOST = 20


class Verdict(Enum):
    DELIVERED = auto()
    LATER = auto()
    STUMBLED = auto()
    NEVER = auto()


_LATER = {0, 404, 405, 408, 429, 502, 503, 504}
"""404 and 405 are a studio that doesn't know the question yet: a form that isn't there is 422."""


def judge(answer: Answer) -> Verdict:
    if answer.ok:
        return Verdict.DELIVERED
    if answer.status in _LATER:
        return Verdict.LATER
    return Verdict.NEVER if 400 <= answer.status < 500 else Verdict.STUMBLED


@dataclass(slots=True)
class _Hold:
    key: str
    tries: int
    until: float


@dataclass(slots=True)
class Pace:
    """`down` says why nothing is delivered now."""

    down: str = ""
    _tries: int = 0
    _until: float = 0.0
    _held: dict[str, _Hold] = field(default_factory=dict)

    def may_try(self, now: float) -> bool:
        return now >= self._until

    def is_held(self, form: str, now: float) -> bool:
        """Its first post was stumbled over, and isn't due again."""
        hold = self._held.get(form)
        return hold is not None and now < hold.until

    def answered(self) -> None:
        """The studio is there, whatever it said."""
        self.down, self._tries, self._until = "", 0, 0.0

    def delivered(self, form: str) -> None:
        self._held.pop(form, None)

    def later(self, why: str, now: float) -> None:
        self._until = now + min(FIRST_S * 2 ** min(self._tries, 20), LONGEST_S)
        self._tries += 1
        self.down = why

    def stumbled(self, form: str, key: str, now: float) -> bool:
        """Whether this post was tried often enough to be put aside."""
        before = self._held.get(form)
        tries = before.tries + 1 if before and before.key == key else 1
        if tries >= STUMBLED_MOST:
            self._held.pop(form, None)
            return True
        pause = min(STUMBLED_FIRST_S * 2 ** (tries - 1), STUMBLED_LONGEST_S)
        self._held[form] = _Hold(key, tries, now + pause)
        return False
