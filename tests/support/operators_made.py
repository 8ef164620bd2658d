"""Operators with a role, and a session of theirs: past the sign-in page, but not past the gate."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from argon2 import PasswordHasher

from portico.config.home import Home
from portico.ledger.ledger import Ledger
from portico.operators import accounts, passwords, sessions, totp
from portico.operators.book import Book
from portico.operators.operator import Role
from portico.operators.sessions import Limits, Means, Visitor

ORIGIN = "http://localhost:9090"
LIMITS = Limits(idle_s=7200, longest_s=43200, fresh_s=900)
PASSWORD = "correct horse battery"

passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""What tests wait for is not how dear a guess is."""


@dataclass(frozen=True, slots=True)
class Person:
    """`cookie` is the name and value that a browser of `agent` sends to `origin`."""

    name: str
    role: Role
    cookie: tuple[str, str]
    agent: str
    origin: str

    @property
    def headers(self) -> dict[str, str]:
        return {
            "cookie": "=".join(self.cookie),
            "user-agent": self.agent,
            "host": urlsplit(self.origin).netloc,
        }


def book(home: Home, ledger: Ledger | None = None) -> Book:
    home.create()
    return Book(home.operators, ledger or Ledger(home.ledger))


def add(kept: Book, role: Role = Role.OPERATOR, name: str = "") -> str:
    """The name of an operator who is there from now on; protected by an app whose secret nobody knows."""
    name = name or f"{role.word}s-ada"
    if accounts.find(kept, name) is None:
        accounts.add(kept, name, role, by="a test")
        kept.put("UPDATE operators SET totp = ? WHERE name = ?", (totp.new_secret(), name))
    return name


def signed_in(
    kept: Book, role: Role = Role.OPERATOR, *, name: str = "", agent: str = "testclient", origin: str = ORIGIN
) -> Person:
    """Somebody with this role in a session that began just now: add `cookie`, or send `headers`."""
    name = add(kept, role, name)
    visitor = Visitor(agent, "127.0.0.1")
    token = sessions.begin(kept, name, Means.PASSKEY, visitor, LIMITS)
    port = urlsplit(origin).port or 80
    return Person(name, role, (f"console-{port}", token), agent, origin)


def with_password(kept: Book, role: Role = Role.OPERATOR, name: str = "ada") -> str:
    """Somebody with PASSWORD and an authenticator app; its secret."""
    accounts.add(kept, name, role, by="a test")
    passwords.change(kept, name, PASSWORD)
    secret = totp.new_secret()
    kept.put("UPDATE operators SET totp = ? WHERE name = ?", (secret, name))
    return secret


def home(folder: Path) -> Home:
    return Home(folder).create()
