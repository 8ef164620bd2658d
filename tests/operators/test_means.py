import pyotp
import pytest

from portico.kit.errors import PorticoError, UnavailableError
from portico.ledger.ledger import Ledger
from portico.operators import accounts, invitations, passwords, pending, sessions, totp
from portico.operators.book import Book
from portico.operators.operator import Role
from portico.operators.sessions import Limits, Means, Visitor

LIMITS = Limits(idle_s=100, longest_s=1000, fresh_s=50, most=3)
FIREFOX = Visitor("Mozilla/5.0 Firefox/130.0", "10.0.0.1")


class Clock:
    at = 1_800_000_000.0


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def book(tmp_path, clock):
    opened = Book(tmp_path / "operators.db", Ledger(tmp_path / "ledger.db", now=lambda: clock.at))
    accounts.add(opened, "ada", Role.ADMIN, by="a test")
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "weak", ["short", "123456789012345", "aaaaaaaaaaaaaaa", "ada-is-my-name!", "1q2w3e4r5t6y", "x" * 1025]
)
def test_a_password_that_is_guessed_soon_is_refused(weak):
    assert passwords.weakness(weak, "ada")


def test_a_few_words_make_a_password():
    assert passwords.weakness("correct horse battery", "ada") is None


def test_a_password_is_kept_as_argon2id(book):
    passwords.change(book, "ada", "correct horse battery")
    kept = book.one("SELECT password FROM operators")[0]
    assert kept.startswith("$argon2id$")
    assert passwords.right(book, "ada", "correct horse battery")
    assert not passwords.right(book, "ada", "correct horse batterie")
    assert not passwords.right(book, "nobody", "correct horse battery")


@pytest.mark.parametrize(
    ("late_s", "counts"), [(-30, True), (0, True), (59, True), (-31, False), (60, False)]
)
def test_a_code_counts_around_its_time(late_s, counts):
    now, secret = 1_800_000_000.0, totp.new_secret()
    found = totp.step(secret, pyotp.TOTP(secret).at(now), now + late_s)
    assert found == (int(now // 30) if counts else None)


@pytest.mark.parametrize("odd", ["", "12345", "\uff11\uff12\uff13\uff14\uff15\uff16", "abcdef", "0" * 500])
def test_what_is_no_code_is_none(odd):
    assert totp.step(totp.new_secret(), odd, 1_800_000_000.0) is None


def test_a_code_is_typed_as_it_is_shown(book, clock):
    secret = totp.new_secret()
    code = pyotp.TOTP(secret).at(clock.at)
    assert totp.activate(book, "ada", secret, f"{code[:3]} {code[3:]}")
    assert not totp.use(book, "ada", code), "it was used to set the app up"


def test_a_recovery_code_counts_once_however_it_is_typed(book):
    code = totp.new_recovery_codes(book, "ada")[0]
    assert totp.use_recovery(book, "ada", code.upper().replace("-", " "))
    assert not totp.use_recovery(book, "ada", code)
    assert accounts.get(book, "ada").recovery_codes == 9


def test_an_invitation_works_once_and_the_newest_counts(book):
    first, second = (invitations.make(book, "ada", by="a test") for _ in range(2))
    assert invitations.holder(book, first) is None
    assert invitations.holder(book, second).name == "ada"
    assert invitations.use(book, second)
    assert not invitations.use(book, second)


def test_a_session_of_too_many_ends_the_oldest(book, clock):
    tokens = []
    for _ in range(4):
        tokens.append(sessions.begin(book, "ada", Means.PASSKEY, FIREFOX, LIMITS))
        clock.at += 1
    found = [sessions.find(book, token, FIREFOX, LIMITS, used=True) is not None for token in tokens]
    assert found == [False, True, True, True]


def test_a_page_that_merely_stays_open_keeps_no_session_alive(book, clock):
    token = sessions.begin(book, "ada", Means.PASSKEY, FIREFOX, LIMITS)
    clock.at += 70
    assert sessions.find(book, token, FIREFOX, LIMITS, used=False)
    clock.at += 40
    assert sessions.find(book, token, FIREFOX, LIMITS, used=False) is None


def test_a_full_disk_signs_nobody_out_and_is_told_to_whoever_signs_in(book, clock):
    token = sessions.begin(book, "ada", Means.PASSKEY, FIREFOX, LIMITS)
    book._db.execute("CREATE TRIGGER full BEFORE UPDATE ON sessions BEGIN SELECT RAISE(ABORT, 'full'); END")
    book._db.execute(
        "CREATE TRIGGER full_too BEFORE INSERT ON sessions BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    clock.at += 70
    assert sessions.find(book, token, FIREFOX, LIMITS, used=True)
    with pytest.raises(UnavailableError, match="can't be written down: full"):
        sessions.begin(book, "ada", Means.PASSKEY, FIREFOX, LIMITS)


def test_who_is_removed_is_out_at_once(book):
    accounts.add(book, "root", Role.ADMIN, by="a test")
    token = sessions.begin(book, "ada", Means.PASSKEY, FIREFOX, LIMITS)
    accounts.remove(book, "ada", by="root")
    assert sessions.find(book, token, FIREFOX, LIMITS, used=True) is None


def test_no_token_is_kept_as_it_is(book, tmp_path):
    token = sessions.begin(book, "ada", Means.PASSKEY, FIREFOX, LIMITS)
    link = invitations.make(book, "ada", by="a test")
    book.close()
    for file in tmp_path.iterdir():
        data = file.read_bytes()
        assert token.encode() not in data
        assert link.encode() not in data


def test_what_is_pending_is_taken_once_and_in_time(book, clock):
    pending.keep(book, "a browser", "passkey", {"challenge": "x"})
    assert pending.take(book, "another", "passkey") is None
    assert pending.take(book, "a browser", "passkey") == {"challenge": "x"}
    assert pending.take(book, "a browser", "passkey") is None
    pending.keep(book, "a browser", "passkey", {})
    clock.at += pending.LASTS_S
    assert pending.take(book, "a browser", "passkey") is None


def test_too_much_that_is_pending_drops_the_oldest_of_its_kind(book, monkeypatch):
    monkeypatch.setattr(pending, "MOST", 3)
    pending.keep(book, "somebody signed in", "totp", "a secret")
    for n in range(5):
        pending.keep(book, f"browser {n}", "passkey", n)
    assert [pending.look(book, f"browser {n}", "passkey") for n in range(5)] == [None, None, 2, 3, 4]
    assert pending.look(book, "somebody signed in", "totp") == "a secret"


def test_a_change_that_fails_is_neither_made_nor_told(book):
    with pytest.raises(PorticoError), book.writing():
        accounts.give_role(book, "nobody", Role.VIEWER, by="a test")
    assert [event.kind for event in book.ledger.events()] == ["operator.added"]
    assert [one.name for one in accounts.everybody(book)] == ["ada"]
