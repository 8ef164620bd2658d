"""Who there is, and what they may: added, given another role, removed, each told in the ledger."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any

from portico.kit.errors import MissingError, PorticoError
from portico.operators.book import Book
from portico.operators.operator import Operator, Role

NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")
ROLES = tuple(role.word for role in Role)

_ACCOUNT = """
    SELECT name, role, since, password IS NOT NULL, totp IS NOT NULL,
        (SELECT count(*) FROM passkeys WHERE passkeys.name = operators.name),
        (SELECT count(*) FROM recovery_codes WHERE recovery_codes.name = operators.name),
        subject, (SELECT max(seen) FROM sessions WHERE sessions.name = operators.name),
        (SELECT expires FROM invitations WHERE invitations.name = operators.name)
    FROM operators
"""


@dataclass(frozen=True, slots=True)
class Account:
    """Someone, and by which means they sign in. `seen` is when a session of theirs was used last."""

    name: str
    role: Role
    since: float
    password: bool
    totp: bool
    passkeys: int
    recovery_codes: int
    subject: str | None
    seen: float | None
    invited_until: float | None

    @property
    def operator(self) -> Operator:
        return Operator(self.name, self.role)

    @property
    def protected(self) -> bool:
        """Whether a password that somebody learnt isn't enough."""
        return self.totp or self.passkeys > 0

    @property
    def came(self) -> bool:
        """Whether there is any way in yet, other than an invitation."""
        return self.password or self.passkeys > 0 or self.subject is not None


def find(book: Book, name: str) -> Account | None:
    row = book.one(f"{_ACCOUNT} WHERE name = ?", (name.strip().lower(),))
    return _account(row) if row else None


def get(book: Book, name: str) -> Account:
    """Raises PorticoError where there is none."""
    if found := find(book, name):
        return found
    raise MissingError(f"there is no operator {name!r}", hint="portico user list")


def everybody(book: Book) -> list[Account]:
    return [_account(row) for row in book.ask(f"{_ACCOUNT} ORDER BY name")]


def add(book: Book, name: str, role: Role, *, by: str, subject: str | None = None) -> Account:
    """Raises PorticoError for a name that is taken, or none."""
    with book.writing():
        check_new(book, name)
        book.put(
            "INSERT INTO operators (name, role, since, handle, subject) VALUES (?, ?, ?, ?, ?)",
            (name, role.word, book.now, secrets.token_bytes(32), subject),
        )
        book.record("added", name, role=role.word, by=by, **({"provider": True} if subject else {}))
        return get(book, name)


def check_new(book: Book, name: str) -> None:
    if not NAME.fullmatch(name):
        raise PorticoError(
            f"expected a name of small letters, digits and . _ @ + -, got {name!r}",
            hint="portico user add ada",
        )
    if find(book, name):
        raise PorticoError(f"there is an operator {name!r} already", hint=f"portico user reset {name}")


def give_role(book: Book, name: str, role: Role, *, by: str) -> None:
    """Raises PorticoError where nobody would be left to look after people."""
    with book.writing():
        set_role(book, check_role(book, name, role), role, by=by)


def set_role(book: Book, account: Account, role: Role, *, by: str) -> None:
    """Whoever is left: the company's provider isn't argued with."""
    if account.role == role:
        return
    with book.writing():
        book.put("UPDATE operators SET role = ? WHERE name = ?", (role.word, account.name))
        book.record("role", account.name, role=role.word, before=account.role.word, by=by)


def check_role(book: Book, name: str, role: Role | None) -> Account:
    """`role` None means that the person goes."""
    account = get(book, name)
    others = [one for one in everybody(book) if one.role == Role.ADMIN and one.name != account.name]
    if account.role == Role.ADMIN and role != Role.ADMIN and not others:
        raise PorticoError(f"{name} is the last admin", hint="portico user add NAME --role admin")
    return account


def remove(book: Book, name: str, *, by: str) -> None:
    """With all sessions and means; what they ordered stays in the ledger under their name."""
    with book.writing():
        account = check_role(book, name, None)
        book.put("DELETE FROM operators WHERE name = ?", (account.name,))
        book.record("removed", account.name, role=account.role.word, by=by)


def void(book: Book, name: str, *, by: str) -> None:
    """Take away password, second factors and sessions: they were lost, or somebody else has them."""
    with book.writing():
        account = get(book, name)
        book.put("UPDATE operators SET password = NULL, totp = NULL WHERE name = ?", (account.name,))
        for table in ("passkeys", "recovery_codes", "sessions", "invitations"):
            book.put(f"DELETE FROM {table} WHERE name = ?", (account.name,))  # noqa: S608 - only our own words
        book.record("reset", account.name, by=by)


def by_subject(book: Book, subject: str) -> Account | None:
    """Who this is at the company's provider."""
    row = book.one(f"{_ACCOUNT} WHERE subject = ?", (subject,))
    return _account(row) if row else None


def _account(row: tuple[Any, ...]) -> Account:
    name, role, since, password, totp, *rest = row
    return Account(name, Role.of(role), since, bool(password), bool(totp), *rest)
