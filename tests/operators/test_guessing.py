import pytest

from portico.ledger.ledger import Ledger
from portico.operators import guessing
from portico.operators.book import Book
from portico.operators.guessing import ADDRESS, NAME, PAIR, WINDOW_S, Guess

NOW = 1_800_000_000.0


def guesses(count, *, name="ada", address="10.0.0.1", at=NOW):
    return [Guess(at - n, name, address) for n in range(count)]


def test_a_few_wrong_ones_are_human():
    assert guessing.wait_s(guesses(PAIR - 1), "ada", "10.0.0.1", NOW) == 0


def test_who_is_wrong_too_often_waits_and_others_do_not():
    many = guesses(PAIR)
    assert guessing.wait_s(many, "ada", "10.0.0.1", NOW) == WINDOW_S - PAIR + 1
    assert guessing.wait_s(many, "ada", "10.0.0.2", NOW) == 0, "the owner elsewhere isn't locked out"
    assert guessing.wait_s(many, "grace", "10.0.0.1", NOW) == 0


def test_many_names_from_one_address_are_stopped_too():
    many = [guess for n in range(ADDRESS) for guess in guesses(1, name=f"name-{n}")]
    assert guessing.wait_s(many, "another", "10.0.0.1", NOW) > 0
    assert guessing.wait_s(many, "another", "10.0.0.2", NOW) == 0


def test_one_name_from_many_addresses_is_stopped_at_last():
    many = [guess for n in range(NAME) for guess in guesses(1, address=f"10.0.1.{n}")]
    assert guessing.wait_s(many, "ada", "10.9.9.9", NOW) > 0
    assert guessing.wait_s(many[1:], "ada", "10.9.9.9", NOW) == 0


def test_old_wrong_ones_are_forgotten():
    assert guessing.wait_s(guesses(50, at=NOW - WINDOW_S), "ada", "10.0.0.1", NOW) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("2001:db8::1", "2001:db8::ffff:1"), ("2001:db8:0:0:aaaa::1", "2001:db8::2")],
)
def test_the_addresses_of_one_network_are_one_guesser(one, other):
    assert guessing.network(one) == guessing.network(other)


def test_guesses_outlive_a_restart(tmp_path):
    ledger = Ledger(tmp_path / "ledger.db")
    for _ in range(PAIR):
        guessing.wrong(Book(tmp_path / "operators.db", ledger), "ada", "10.0.0.1", known=False)
    assert guessing.wait(Book(tmp_path / "operators.db", ledger), "ada", "10.0.0.1") > 0


def test_what_was_typed_as_a_name_is_kept_nowhere(tmp_path):
    ledger = Ledger(tmp_path / "ledger.db")
    guessing.wrong(Book(tmp_path / "operators.db", ledger), "my password", "10.0.0.1", known=False)
    for file in tmp_path.iterdir():
        assert b"my password" not in file.read_bytes()
