"""Passwords: which are too easy to guess, and what is kept of one (argon2id as in RFC 9106)."""

from __future__ import annotations

import gzip
import threading
from functools import cache
from importlib import resources

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError

from portico.operators.book import Book

SHORTEST, LONGEST = 12, 1024
_VARIED = 5

_hasher = PasswordHasher.from_parameters(profiles.RFC_9106_LOW_MEMORY)
one_at_a_time = threading.RLock()
"""Each check takes 64 MiB: many at once would take the machine's memory, and not see the others fail."""


def weakness(password: str, name: str) -> str | None:
    """Why it won't do, in a sentence; None when it will."""
    plain = password.casefold()
    if len(password) < SHORTEST:
        return f"At least {SHORTEST} characters, please: a few words that belong to you will do."
    if len(password) > LONGEST:
        return f"At most {LONGEST} characters, please."
    if len(set(plain)) < _VARIED or plain.isdigit():
        return "That is too easy to guess: use more than digits, and more different characters."
    if name.partition("@")[0] in plain or plain in _common():
        return "That is too easy to guess: it has your name in it, or many people use it."
    return None


def change(book: Book, name: str, password: str) -> None:
    with one_at_a_time:
        kept = _hasher.hash(password)
    with book.writing():
        book.put("UPDATE operators SET password = ? WHERE name = ?", (kept, name))
        book.record("password", name)


def right(book: Book, name: str, password: str) -> bool:
    """As long for somebody who isn't there as for somebody who is."""
    row = book.one("SELECT password FROM operators WHERE name = ?", (name,))
    kept = row[0] if row and row[0] else None
    with one_at_a_time:
        held = _holds(kept or _nobody(), password[:LONGEST])
    if not (kept and held):
        return False
    if _hasher.check_needs_rehash(kept):
        with one_at_a_time:
            stronger = _hasher.hash(password)
        book.put("UPDATE operators SET password = ? WHERE name = ?", (stronger, name))
    return True


def _holds(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash("nobody's")


@cache
def _common() -> frozenset[str]:
    """The 20,000 that are used most, which Django brings along."""
    packed = resources.files("django").joinpath("contrib", "auth", "common-passwords.txt.gz").read_bytes()
    return frozenset(gzip.decompress(packed).decode().split())
