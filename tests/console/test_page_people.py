"""People, in the console: what `portico user` does, for admins alone, and all of it in the ledger."""

from __future__ import annotations

import re
from html import unescape

import pytest

from portico.operators import accounts, invitations, sessions
from portico.operators.operator import Role
from portico.operators.sessions import Means
from support import operators_made
from support.doors import Console, press, token

CHANGES = ("role", "invite", "reset", "sign-out", "unlock", "remove")


@pytest.fixture
def console(tmp_path):
    made = Console(tmp_path)
    yield made
    made.ledger.close()


@pytest.fixture
def admin(console):
    return signed_in(console, Role.ADMIN, "root")


def signed_in(console, role, name):
    person = operators_made.signed_in(console.book, role, name=name)
    client = console.browser(person.agent)
    client.cookies.set(*person.cookie)
    return client


def link(page):
    found = re.search(r'<code class="link">([^<]+)</code>', page.text)
    return unescape(found[1]) if found else ""


def test_somebody_is_added_and_begins_by_the_link(console, admin):
    answer = press(admin, "/people/add", "/people", name="grace", role="operator")
    assert answer.headers["location"] == "/people/grace"
    page = admin.get("/people/grace")
    assert "grace is added, as operator." in page.text
    token_of_link = link(page).removeprefix("http://localhost:9090/invitation/")
    assert invitations.holder(console.book, token_of_link).name == "grace"
    assert console.events("added") == [
        ("root", {"role": "admin", "by": "a test"}),
        ("grace", {"role": "operator", "by": "root (console)"}),
    ]
    assert "grace" in admin.get("/people").text


def test_a_link_is_shown_to_who_made_it_and_lies_nowhere(console, admin):
    answer = press(admin, "/people/add", "/people", name="grace", role="viewer")
    secret = link(admin.get("/people/grace")).rpartition("/")[2]
    assert secret
    assert secret not in str(answer.headers)
    assert secret not in str(console.ledger.events())
    files = [path for path in console.desk.home.root.rglob("*") if path.is_file()]
    assert not [path for path in files if secret.encode() in path.read_bytes()]
    other = signed_in(console, Role.ADMIN, "other")
    assert not link(other.get("/people/grace"))
    accounts.void(console.book, "grace", by="a test")
    assert not link(admin.get("/people/grace"))


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_people_are_an_admins_affair(console, admin, role):
    client = signed_in(console, role, "ada")
    for path in ("/people", "/people/root", "/live/people"):
        assert client.get(path).status_code == 403, path
    assert "/people" not in client.get("/").text
    assert "/people" in admin.get("/").text
    mine = {"_token": token(client.get("/account"))}
    for path in ("/people/add", *(f"/people/root/{change}" for change in CHANGES)):
        assert client.post(path, data=mine).status_code == 403, path
    assert accounts.get(console.book, "root").role is Role.ADMIN


def test_whoever_is_no_admin_any_more_sees_people_no_longer(console, admin):
    operators_made.signed_in(console.book, Role.ADMIN, name="other")
    accounts.give_role(console.book, "root", Role.VIEWER, by="other")
    assert admin.get("/people").status_code == 403


def test_every_change_asks_who_it_is(console, admin):
    operators_made.with_password(console.book, name="grace")
    mine = {"_token": token(admin.get("/account"))}
    console.at += 16 * 60
    before = len(console.ledger.events())
    for path in ("/people/add", *(f"/people/grace/{change}" for change in CHANGES)):
        assert admin.post(path, data=mine).headers["location"].startswith("/prove"), path
    assert len(console.ledger.events()) == before


def test_a_role_is_given(console, admin):
    operators_made.with_password(console.book, name="grace")
    press(admin, "/people/grace/role", "/people/grace", role="viewer")
    assert accounts.get(console.book, "grace").role is Role.VIEWER
    assert console.events("role")[-1] == (
        "grace",
        {"role": "viewer", "before": "operator", "by": "root (console)"},
    )
    press(admin, "/people/grace/role", "/people/grace", role="king")
    assert "expected a role" in admin.get("/people/grace").text


def test_a_reset_wants_the_name_and_voids_everything(console, admin):
    operators_made.with_password(console.book, name="a.b+c")
    press(admin, "/people/a.b+c/reset", "/people/a.b+c", _named="someone")
    assert accounts.get(console.book, "a.b+c").password
    press(admin, "/people/a.b+c/reset", "/people/a.b+c", _named="a.b+c")
    assert not accounts.get(console.book, "a.b+c").came
    assert link(admin.get("/people/a.b+c"))


def test_sessions_end_at_once(console, admin):
    client = signed_in(console, Role.OPERATOR, "grace")
    assert client.get("/").status_code == 200
    press(admin, "/people/grace/sign-out", "/people/grace")
    assert client.get("/").status_code == 303
    assert console.events("sessions-ended")[-1][1]["by"] == "root (console)"


def test_whoever_is_removed_is_out(console, admin):
    client = signed_in(console, Role.OPERATOR, "grace")
    press(admin, "/people/grace/remove", "/people/grace", _named="grace")
    assert accounts.find(console.book, "grace") is None
    assert client.get("/").status_code == 303
    assert admin.get("/people/grace").status_code == 404


def test_whom_the_provider_vouches_for_gets_no_link_and_no_role_here(console, admin):
    accounts.add(console.book, "grace", Role.OPERATOR, by="a test", subject="https://login#42")
    offered = admin.get("/people/grace").text
    assert "/people/grace/reset" not in offered
    assert "/people/grace/role" not in offered
    for change in ("reset", "role", "invite"):
        press(admin, f"/people/grace/{change}", "/people/grace", _named="grace", role="viewer")
        assert "company&#39;s provider" in admin.get("/people/grace").text
    assert accounts.get(console.book, "grace").role is Role.OPERATOR
    assert accounts.get(console.book, "grace").invited_until is None


@pytest.mark.parametrize("change", ["role", "invite", "reset", "remove"])
def test_nobody_locks_themselves_out_by_a_slip(console, admin, change):
    operators_made.signed_in(console.book, Role.ADMIN, name="other")
    press(admin, f"/people/root/{change}", "/people", _named="root", role="viewer")
    assert "to themselves" in admin.get("/people").text
    assert accounts.get(console.book, "root").role is Role.ADMIN


def test_who_waits_after_wrong_tries_may_try_again(console, admin):
    operators_made.with_password(console.book, name="grace")
    press(admin, "/people/grace/unlock", "/people/grace")
    assert console.events("unlocked") == [("grace", {"by": "root (console)"})]


def test_who_never_came_gets_a_new_link(console, admin):
    accounts.add(console.book, "grace", Role.VIEWER, by="a test")
    press(admin, "/people/grace/invite", "/people/grace")
    first = link(admin.get("/people/grace"))
    press(admin, "/people/grace/invite", "/people/grace")
    second = link(admin.get("/people/grace"))
    assert first != second
    assert invitations.holder(console.book, first.rpartition("/")[2]) is None


def test_an_account_with_a_password_alone_is_seen(console, admin):
    operators_made.with_password(console.book, name="grace")
    console.book.put("UPDATE operators SET totp = NULL WHERE name = 'grace'")
    sessions.begin(
        console.book, "grace", Means.PASSWORD, sessions.Visitor("x", "127.0.0.1"), operators_made.LIMITS
    )
    assert "no second factor" in admin.get("/people").text
