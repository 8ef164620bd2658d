"""The link by which somebody begins, or begins anew: for one person, once, within a day."""

from __future__ import annotations

from portico.operators import accounts, book, sessions
from portico.operators.accounts import Account
from portico.operators.book import Book

LASTS_S = 24 * 3600


def make(kept: Book, name: str, *, by: str) -> str:
    """The token of the link; one that was made before is void, and whoever came by it is out."""
    token = book.token()
    with kept.writing():
        account = accounts.get(kept, name)
        sessions.end_all(kept, account.name, by=by)
        kept.put(
            "REPLACE INTO invitations VALUES (?, ?, ?)",
            (book.digest(token), account.name, kept.now + LASTS_S),
        )
        kept.record("invited", account.name, by=by)
    return token


def holder(kept: Book, token: str) -> Account | None:
    row = kept.one(
        "SELECT name FROM invitations WHERE digest = ? AND expires > ?", (book.digest(token), kept.now)
    )
    return accounts.get(kept, row[0]) if row else None


def use(kept: Book, token: str) -> bool:
    """Whether it was still good; it is no longer."""
    return kept.put("DELETE FROM invitations WHERE digest = ?", (book.digest(token),)) == 1
