"""Sessions: limited in time and number, and bound to the browser that they began in."""

from __future__ import annotations

import contextlib
import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portico.kit.errors import UnavailableError
from portico.operators import book
from portico.operators.book import Book

RENEWED_S = 60.0
"""Being seen is written down this often; each look that writes would cost a wait for the disk."""


class Means(StrEnum):
    """By what somebody is there. Who was only invited opens nothing but their own account."""

    INVITED = "invitation"
    PASSWORD = "password"  # noqa: S105 - a word, not a secret
    TOTP = "password and code"
    RECOVERY = "password and recovery code"
    PASSKEY = "passkey"
    PROVIDER = "provider"

    def opens(self, *, second_factor: bool) -> bool:
        """Whether it is enough for the console's pages."""
        return self not in ({Means.INVITED, Means.PASSWORD} if second_factor else {Means.INVITED})


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, and sessions of one person at once."""

    idle_s: float
    longest_s: float
    fresh_s: float
    most: int = 5


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a request comes from; `agent` is what the browser calls itself."""

    agent: str
    address: str

    @property
    def browser(self) -> str:
        """Its name without numbers: an update in the middle of the day ends nobody's work."""
        return hashlib.sha256(re.sub(r"[\d._]+", "", self.agent).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Session:
    """`proven` is when this person last proved who they are."""

    digest: str
    name: str
    means: Means
    began: float
    seen: float
    proven: float
    browser: str
    agent: str
    address: str


def judge(session: Session, visitor: Visitor, limits: Limits, now: float) -> str:
    """What becomes of it: `kept`, `renewed` or `ended`. Pure."""
    idle = now - session.seen
    if session.browser != visitor.browser or now - session.began > limits.longest_s or idle > limits.idle_s:
        return "ended"
    return "renewed" if idle > RENEWED_S else "kept"


def is_fresh(session: Session, limits: Limits, now: float) -> bool:
    return now - session.proven <= limits.fresh_s


def begin(kept: Book, name: str, means: Means, visitor: Visitor, limits: Limits) -> str:
    """The token for the browser. The oldest of too many sessions ends."""
    token, now = book.token(), kept.now
    with kept.writing():
        kept.put(
            "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                book.digest(token),
                name,
                means,
                now,
                now,
                now,
                visitor.browser,
                visitor.agent[:200],
                visitor.address,
            ),
        )
        kept.put(
            "DELETE FROM sessions WHERE name = ?1 AND digest NOT IN"
            " (SELECT digest FROM sessions WHERE name = ?1 ORDER BY seen DESC, began DESC LIMIT ?2)",
            (name, limits.most),
        )
        kept.put("DELETE FROM sessions WHERE began < ?", (now - limits.longest_s,))
        kept.record("signed-in", name, means=str(means), address=visitor.address)
    return token


def find(kept: Book, token: str, visitor: Visitor, limits: Limits, *, used: bool) -> Session | None:
    """The session of a token, or None. A page that merely stays open isn't `used`."""
    row = kept.one("SELECT * FROM sessions WHERE digest = ?", (book.digest(token),)) if token else None
    if row is None:
        return None
    session = _session(row)
    verdict = judge(session, visitor, limits, kept.now)
    if verdict == "ended":
        return None
    if verdict == "renewed" and used:
        _renew(kept, session)
    return session


def _renew(kept: Book, session: Session) -> None:
    """A full disk, of all things, shall hide the console from nobody."""
    with contextlib.suppress(UnavailableError):
        kept.put("UPDATE sessions SET seen = ? WHERE digest = ?", (kept.now, session.digest))


def prove(kept: Book, session: Session, means: Means) -> None:
    """Who it is was shown anew."""
    with kept.writing():
        kept.put(
            "UPDATE sessions SET proven = ?, means = ? WHERE digest = ?", (kept.now, means, session.digest)
        )
        kept.record("proven", session.name, means=str(means))


def of(kept: Book, name: str) -> list[Session]:
    """Somebody's sessions, the one used last first."""
    rows = kept.ask("SELECT * FROM sessions WHERE name = ? ORDER BY seen DESC", (name,))
    return [_session(row) for row in rows]


def end(kept: Book, session: Session) -> None:
    with kept.writing():
        if kept.put("DELETE FROM sessions WHERE digest = ?", (session.digest,)):
            kept.record("signed-out", session.name)


def end_all(kept: Book, name: str, *, but: Session | None = None, by: str) -> int:
    """How many ended."""
    with kept.writing():
        ended = kept.put(
            "DELETE FROM sessions WHERE name = ? AND digest != ?", (name, but.digest if but else "")
        )
        if ended:
            kept.record("sessions-ended", name, sessions=ended, by=by)
    return ended


def _session(row: tuple[Any, ...]) -> Session:
    digest, name, means, *rest = row
    return Session(digest, name, Means(means), *rest)
