"""What an admin does about people, from the terminal and in the console alike: in, anew, out."""

from __future__ import annotations

from portico.kit.errors import PorticoError
from portico.operators import accounts, invitations
from portico.operators.accounts import Account
from portico.operators.book import Book
from portico.operators.operator import Role


def add(book: Book, name: str, role: Role, *, by: str) -> str:
    """The token of the link by which they begin. Raises PorticoError for a name that is taken, or none."""
    with book.writing():
        accounts.add(book, name, role, by=by)
        return invitations.make(book, name, by=by)


def invite(book: Book, name: str, *, by: str) -> str:
    """The token of a new link for somebody who never came."""
    with book.writing():
        return invitations.make(book, check_invite(book, name).name, by=by)


def reset(book: Book, name: str, *, by: str) -> str:
    """Void how they sign in and where they are; the token of the link by which they begin anew."""
    with book.writing():
        account = check_reset(book, name)
        accounts.void(book, account.name, by=by)
        return invitations.make(book, account.name, by=by)


def check_invite(book: Book, name: str) -> Account:
    """Raises PorticoError for who came already."""
    account = _ours(book, name)
    if account.came:
        hint = f"portico user reset {account.name} voids what they have, and invites anew"
        raise PorticoError(f"{account.name} has a way in already", hint=hint)
    return account


def check_reset(book: Book, name: str) -> Account:
    return _ours(book, name)


def _ours(book: Book, name: str) -> Account:
    """A link would open nothing to whom the company's provider vouches for. Raises PorticoError."""
    account = accounts.get(book, name)
    if account.subject is not None:
        raise PorticoError(
            f"{account.name} signs in by the company's provider alone: what was lost is reset there,"
            " and nothing was done here",
            hint=f"portico user sign-out {account.name} ends their sessions here; who loses the group there"
            " comes in no more",
        )
    return account


def ways(account: Account, now: float) -> str:
    """How they sign in, in words. Pure."""
    keys = "passkey" if account.passkeys == 1 else f"{account.passkeys} passkeys"
    found = [
        (account.passkeys > 0, keys),
        (account.password, "password and app" if account.totp else "password"),
        (account.subject is not None, "provider"),
    ]
    told = [way for there, way in found if there]
    if told:
        return ", ".join(told)
    return "invited" if (account.invited_until or 0) > now else "nothing yet"
