from __future__ import annotations

import json
import re

import pytest

from portico.config.home import Home
from portico.ledger.ledger import Ledger
from portico.operators import accounts, invitations, sessions
from portico.operators.book import Book
from portico.operators.operator import Role
from portico.operators.sessions import Means
from support import operators_made
from support.commands import Run


@pytest.fixture
def book(home: Home, ledger: Ledger):
    opened = Book(home.operators, ledger)
    yield opened
    opened.close()


def token(link: str) -> str:
    return re.fullmatch(r"http://localhost:\d+/invitation/(\S+)", link.strip())[1]


def test_whoever_is_added_gets_a_link_of_their_own(run: Run, book: Book):
    ran = run("user", "add", "ada", "--role", "admin")
    assert ran.code == 0
    assert invitations.holder(book, token(ran.out)).name == "ada"
    assert "the console doesn't run now" in ran.err
    listed = run("user", "list").out
    assert "ada" in listed
    assert "invited" in listed


def test_who_added_whom_stands_in_the_ledger_without_the_link(run: Run, book: Book, ledger: Ledger):
    link = json.loads(run("user", "add", "ada", "--role", "operator", "--json").out)["url"]
    events = [event for event in ledger.events() if event.kind.startswith("operator.")]
    assert [(event.kind, event.subject) for event in events] == [
        ("operator.added", "ada"),
        ("operator.invited", "ada"),
    ]
    assert all(event.data["by"] for event in events)
    assert token(link) not in str(events)


@pytest.mark.parametrize("name", ["Ada", "a b", "", "-x", "a" * 65])
def test_a_name_that_nobody_could_type_is_refused(run: Run, book: Book, name: str):
    ran = run("user", "add", "--role", "viewer", "--", name)
    assert ran.code == 1
    assert "expected a name" in ran.err


def test_a_name_is_somebodys_once(run: Run, book: Book):
    run("user", "add", "ada", "--role", "viewer")
    assert "already" in run("user", "add", "ada", "--role", "viewer").err


def test_an_unknown_role_is_told_with_those_there_are(run: Run, book: Book):
    ran = run("user", "add", "ada", "--role", "king")
    assert ran.code == 2
    assert "viewer, operator, admin" in ran.err


def test_the_last_admin_stays(run: Run, book: Book):
    run("user", "add", "ada", "--role", "admin")
    assert "last admin" in run("user", "remove", "ada").err
    assert "last admin" in run("user", "role", "ada", "viewer").err
    run("user", "add", "grace", "--role", "admin")
    assert "ada was admin, is viewer" in run("user", "role", "ada", "viewer").out
    assert run("user", "remove", "ada").code == 0
    assert accounts.find(book, "ada") is None


def test_a_reset_voids_everything_and_invites_anew(run: Run, book: Book):
    operators_made.with_password(book, name="ada")
    before = operators_made.signed_in(book, name="ada")
    ran = run("user", "reset", "ada")
    account = accounts.get(book, "ada")
    assert (account.password, account.totp, sessions.of(book, "ada")) == (False, False, [])
    assert before
    assert invitations.holder(book, token(ran.out)).name == "ada"


def test_who_has_a_way_in_is_not_invited_again(run: Run, book: Book):
    operators_made.with_password(book, name="ada")
    ran = run("user", "invite", "ada")
    assert ran.code == 1
    assert "portico user reset ada" in ran.err


@pytest.mark.parametrize("asked", ["reset", "invite"])
def test_whom_the_provider_vouches_for_gets_no_link_that_opens_nothing(run: Run, book: Book, asked: str):
    accounts.add(book, "grace", Role.OPERATOR, by="a test", subject="https://login#42")
    for dry in ([], ["--dry-run"]):
        ran = run("user", asked, "grace", *dry)
        assert (ran.code, ran.out) == (1, "")
        assert "signs in by the company's provider alone" in ran.err
        assert "portico user sign-out grace" in ran.err
    assert accounts.get(book, "grace").invited_until is None


def test_signing_somebody_out_ends_their_sessions_and_nothing_else(run: Run, book: Book, ledger: Ledger):
    operators_made.with_password(book, name="ada")
    sessions.begin(book, "ada", Means.TOTP, sessions.Visitor("x", "y"), operators_made.LIMITS)
    assert "1 session" in run("user", "sign-out", "ada").out
    assert sessions.of(book, "ada") == []
    assert accounts.get(book, "ada").password
    assert ledger.last_of(["operator.sessions-ended"]).subject == "ada"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("add", "grace", "--role", "viewer"), "would add grace (role viewer)"),
        (("role", "ada", "viewer"), "would role ada"),
        (("remove", "ada"), "would remove ada"),
        (("reset", "ada"), "would reset ada"),
        (("invite", "ada"), "would invite ada"),
        (("unlock", "ada"), "would unlock ada"),
        (("sign-out", "ada"), "would sign out ada"),
    ],
)
def test_a_dry_run_changes_nothing(run: Run, book: Book, ledger: Ledger, asked, said):
    accounts.add(book, "root", Role.ADMIN, by="a test")
    accounts.add(book, "ada", Role.ADMIN, by="a test")
    before = (accounts.everybody(book), len(ledger.events()))
    assert said in run("user", *asked, "--dry-run").out
    assert (accounts.everybody(book), len(ledger.events())) == before


def test_the_list_tells_no_secret(run: Run, book: Book):
    secret = operators_made.with_password(book, name="ada")
    sessions.begin(book, "ada", Means.TOTP, sessions.Visitor("x", "y"), operators_made.LIMITS)
    found = json.loads(run("user", "list", "--json").out)
    assert found[0]["name"] == "ada"
    assert found[0]["totp"] is True
    assert secret not in str(found)
    assert "argon2" not in str(found)
