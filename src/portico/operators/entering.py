"""Whether somebody gets in: by what they typed, or by the word of the company's provider."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from portico.kit.errors import PorticoError
from portico.operators import accounts, guessing, passwords, sessions, totp
from portico.operators.accounts import Account
from portico.operators.book import Book
from portico.operators.sessions import Means
from portico.operators.vouched import Person

WRONG = "The name, the password or the code is wrong."
UNPROTECTED = "This account has no second factor yet. Ask for a new invitation: portico user reset NAME."


NO_ROLE = "None of your groups at the company's provider gives you a role here."
PROVIDER = "the company's provider"


@dataclass(frozen=True, slots=True)
class Tried:
    """What was typed, and from which address."""

    name: str
    password: str = field(repr=False)
    code: str = field(repr=False)
    address: str


def by_password(book: Book, tried: Tried, *, second_factor: bool) -> tuple[Account, Means]:
    """Who it is, of those whom no provider vouches for. Raises PorticoError."""
    name = tried.name.strip().lower()
    _check_guesses(book, name, tried.address)
    with passwords.one_at_a_time:
        account, means = _guessed(book, name, tried)
    if means == Means.PASSWORD and second_factor:
        raise PorticoError(UNPROTECTED)
    return account, means


def _guessed(book: Book, name: str, tried: Tried) -> tuple[Account, Means]:
    """A guess is looked at and noted before the next one is: many at once are many."""
    _check_guesses(book, name, tried.address)
    account = accounts.find(book, name)
    held = passwords.right(book, name, tried.password)
    means = _means(book, account, tried.code) if account and held and account.subject is None else None
    if account is None or means is None:
        guessing.wrong(book, name, tried.address, known=account is not None)
        raise PorticoError(WRONG)
    guessing.forget(book, name, tried.address)
    return account, means


def _means(book: Book, account: Account, code: str) -> Means | None:
    """None where a second factor is there and the code is none of it."""
    if not account.protected:
        return Means.PASSWORD
    if totp.use(book, account.name, code):
        return Means.TOTP
    return Means.RECOVERY if totp.use_recovery(book, account.name, code) else None


def _check_guesses(book: Book, name: str, address: str) -> None:
    """Whoever has to wait hears so at once, too, without waiting for those who needn't."""
    if waits := guessing.wait(book, name, address):
        minutes = math.ceil(waits / 60)
        why = f"Too many wrong ones. Try again in {minutes} min, or sign in with a passkey now."
        raise PorticoError(why, temporary=True)


def by_provider(book: Book, person: Person) -> Account:
    """Who the company's provider vouched for, with the role of their groups now. Raises PorticoError."""
    with book.writing():
        account = accounts.by_subject(book, person.subject)
        if person.role is None:
            _shut_out(book, account)
        elif account is None:
            _check_free(book, person.name)
            account = accounts.add(book, person.name, person.role, by=PROVIDER, subject=person.subject)
        else:
            accounts.set_role(book, account, person.role, by=PROVIDER)
    if account is None or person.role is None:
        raise PorticoError(NO_ROLE)
    return accounts.get(book, account.name)


def _shut_out(book: Book, account: Account | None) -> None:
    """Who lost the last group with a role loses what is open, too."""
    if account:
        sessions.end_all(book, account.name, by=PROVIDER)
    book.record("refused", account.name if account else "", why="no group with a role")


def _check_free(book: Book, name: str) -> None:
    if accounts.find(book, name):
        raise PorticoError(
            f"There is an operator {name} already who signs in otherwise. An admin removes that one first.",
            hint=f"portico user remove {name}",
        )
