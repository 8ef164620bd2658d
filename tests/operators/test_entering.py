"""Who gets in by what they typed, also where many try at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from portico.kit.errors import PorticoError
from portico.ledger.ledger import Ledger
from portico.operators import entering
from portico.operators.book import Book
from portico.operators.entering import Tried
from portico.operators.guessing import PAIR
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
