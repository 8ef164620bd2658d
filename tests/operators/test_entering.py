"""Who gets in by what they typed, also where many try at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from fido2.utils import websafe_encode

from portico.kit.errors import PorticoError
from portico.ledger.ledger import Ledger
from portico.operators import entering, passkeys
from portico.operators.book import Book
from portico.operators.entering import Tried
from portico.operators.guessing import PAIR
from portico.operators.passkeys import Rp
from portico.operators.sessions import Means
from support import operators_made

AT_ONCE = 12


@pytest.fixture
def book(tmp_path):
    opened = Book(tmp_path / "operators.db", Ledger(tmp_path / "ledger.db", now=lambda: 1_800_000_000.0))
    operators_made.with_password(opened)
    yield opened
    opened.close()


def tried(password):
    return Tried("ada", password, "", "192.0.2.7")


def test_many_guesses_at_once_are_as_many_as_one_after_another(book):
    together = Barrier(AT_ONCE)

    def guess(number):
        together.wait()
        with pytest.raises(PorticoError) as refused:
            entering.by_password(book, tried(f"guess {number}"), second_factor=True)
        return str(refused.value)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = list(pool.map(guess, range(AT_ONCE)))
    assert told.count(entering.WRONG) == PAIR


def test_a_password_without_a_second_factor_is_no_wrong_guess(book):
    book.put("UPDATE operators SET totp = NULL")
    with pytest.raises(PorticoError, match="no second factor"):
        entering.by_password(book, tried(operators_made.PASSWORD), second_factor=True)
    _, means = entering.by_password(book, tried(operators_made.PASSWORD), second_factor=False)
    assert means == Means.PASSWORD


def test_whom_a_provider_vouches_for_has_no_password(book):
    book.put("UPDATE operators SET totp = NULL, subject = 'theirs'")
    with pytest.raises(PorticoError, match=entering.WRONG):
        entering.by_password(book, tried(operators_made.PASSWORD), second_factor=False)


def test_whom_a_provider_vouches_for_has_no_passkey(book):
    """One that was added before; a real one is checked further, this one is none."""
    book.put(
        "INSERT INTO passkeys (id, name, host, label, credential, added) VALUES (?, ?, ?, ?, ?, ?)",
        (b"an id", "ada", "localhost", "old", bytes(60), 0.0),
    )
    rp = Rp("localhost", operators_made.ORIGIN)
    asked = bytes(32) + b"\x05" + bytes(4)
    told = {"clientDataJSON": b'{"type": "webauthn.get", "challenge": "", "origin": ""}'}
    parts = {**told, "authenticatorData": asked, "signature": b"none"}
    response = {name: websafe_encode(part) for name, part in parts.items()}
    answer = {"id": websafe_encode(b"an id"), "rawId": websafe_encode(b"an id"), "response": response}
    book.put("UPDATE operators SET subject = 'theirs'")
    with pytest.raises(PorticoError, match=passkeys.REFUSED) as refused:
        passkeys.use(book, rp, state={}, answer=answer)
    assert refused.value.__cause__ is None
