"""Passkeys: made for one host, found by the browser without a name being typed, useless anywhere else."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portico.kit.errors import PorticoError
from portico.operators import accounts
from portico.operators.accounts import Account
from portico.operators.book import Book

REFUSED = "This passkey isn't known here."
COPIED = "This passkey was refused: a copy of it seems to be in use. Ask an admin to remove it."

_SURE = UserVerificationRequirement.REQUIRED
"""The device asks for a finger, a face or a PIN: so a passkey is two factors by itself."""


@dataclass(frozen=True, slots=True)
class Rp:
    """Who asks: the host that passkeys are bound to, and the origin that the browser names."""

    host: str
    origin: str

    @property
    def server(self) -> Fido2Server:
        entity = PublicKeyCredentialRpEntity(name="Portico console", id=self.host)
        return Fido2Server(entity, verify_origin=lambda told: told == self.origin)


@dataclass(frozen=True, slots=True)
class Passkey:
    """`name` is its id, as text."""

    name: str
    host: str
    label: str
    added: float
    seen: float | None


Begun = tuple[dict[str, Any], dict[str, Any]]
"""What the browser is told, and what waits here for its answer."""


def of(book: Book, name: str) -> list[Passkey]:
    rows = book.ask(
        "SELECT hex(id), host, label, added, seen FROM passkeys WHERE name = ? ORDER BY added", (name,)
    )
    return [Passkey(*row) for row in rows]


def begin_adding(book: Book, rp: Rp, name: str) -> Begun:
    handle = book.one("SELECT handle FROM operators WHERE name = ?", (name,))[0]
    options, state = rp.server.register_begin(
        PublicKeyCredentialUserEntity(id=handle, name=name, display_name=name),
        [_credential(row[0]) for row in book.ask("SELECT credential FROM passkeys WHERE name = ?", (name,))],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=_SURE,
    )
    return dict(options)["publicKey"], dict(state)


def add(book: Book, rp: Rp, name: str, label: str, *, state: Any, answer: Mapping[str, Any]) -> None:
    """Raises PorticoError for an answer that isn't one to what was begun."""
    made = _checked(lambda: rp.server.register_complete(state, answer))
    credential = made.credential_data
    label = label.strip()[:60] or "passkey"
    with book.writing():
        if book.one("SELECT 1 FROM passkeys WHERE id = ?", (credential.credential_id,)):
            raise PorticoError("This passkey is there already.")
        book.put(
            "INSERT INTO passkeys (id, name, host, label, credential, used, added)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (credential.credential_id, name, rp.host, label, bytes(credential), made.counter, book.now),
        )
        book.record("factor-added", name, factor="passkey", label=label)


def remove(book: Book, name: str, passkey: str) -> None:
    with book.writing():
        row = book.one("SELECT label FROM passkeys WHERE name = ? AND hex(id) = ?", (name, passkey))
        if row is None:
            raise PorticoError(REFUSED)
        book.put("DELETE FROM passkeys WHERE name = ? AND hex(id) = ?", (name, passkey))
        book.record("factor-removed", name, factor="passkey", label=row[0])


def begin_asking(rp: Rp) -> Begun:
    """Of whoever is there: the browser knows which passkeys it has for this host."""
    options, state = rp.server.authenticate_begin(user_verification=_SURE)
    return dict(options)["publicKey"], dict(state)


def use(book: Book, rp: Rp, *, state: Any, answer: Mapping[str, Any]) -> Account:
    """Whose it is, of those whom no provider vouches for. Raises PorticoError."""
    told = _checked(lambda: AuthenticationResponse.from_dict(answer))
    row = book.one(
        "SELECT name, credential, used FROM passkeys WHERE id = ? AND host = ?", (told.raw_id, rp.host)
    )
    if row is None:
        raise PorticoError(REFUSED)
    name, credential, used = row
    account = accounts.get(book, name)
    if account.subject is not None:
        raise PorticoError(REFUSED)
    _checked(lambda: rp.server.authenticate_complete(state, [_credential(credential)], answer))
    counter = told.response.authenticator_data.counter
    if counter <= used and (counter or used):
        book.record("refused", name, why="a passkey's counter went back")
        raise PorticoError(COPIED)
    book.put("UPDATE passkeys SET used = ?, seen = ? WHERE id = ?", (counter, book.now, told.raw_id))
    return account


def _credential(data: bytes) -> AttestedCredentialData:
    return AttestedCredentialData(data)


def _checked(check: Callable[[], Any]) -> Any:
    """What a browser sends may be anything."""
    try:
        return check()
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        NotImplementedError,
        struct.error,
    ) as error:
        raise PorticoError(REFUSED) from error
