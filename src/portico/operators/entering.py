"""Whether somebody gets in by what they typed: a name, a password, a code. Nobody is told which was wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from portico.kit.errors import PorticoError
from portico.operators import accounts, guessing, passwords, totp
from portico.operators.accounts import Account
from portico.operators.book import Book
from portico.operators.sessions import Means

WRONG = "The name, the password or the code is wrong."
UNPROTECTED = "This account has no second factor yet. Ask for a new invitation: portico user reset NAME."


@dataclass(frozen=True, slots=True)
class Tried:
    """What was typed, and from which address."""

    name: str
    password: str = field(repr=False)
    code: str = field(repr=False)
    address: str


def by_password(book: Book, tried: Tried, *, second_factor: bool) -> tuple[Account, Means]:
    """Who it is. Raises PorticoError."""
    name = tried.name.strip().lower()
    if waits := guessing.wait(book, name, tried.address):
        raise PorticoError(_wait(waits), temporary=True)
    account = accounts.find(book, name)
    held = passwords.right(book, name, tried.password)
    means = _means(book, account, tried.code) if account and held else None
    if account is None or means is None:
        guessing.wrong(book, name, tried.address, known=account is not None)
        raise PorticoError(WRONG)
    guessing.forget(book, name, tried.address)
    if means == Means.PASSWORD and second_factor:
        raise PorticoError(UNPROTECTED)
    return account, means


def _means(book: Book, account: Account, code: str) -> Means | None:
    """None where a second factor is there and the code is none of it."""
    if not account.protected:
        return Means.PASSWORD
    if totp.use(book, account.name, code):
        return Means.TOTP
    return Means.RECOVERY if totp.use_recovery(book, account.name, code) else None


def _wait(seconds: float) -> str:
    minutes = math.ceil(seconds / 60)
    return f"Too many wrong ones. Try again in {minutes} min, or sign in with a passkey now."
