"""What somebody wrote outlasts the question who they are, and a refusal."""

from __future__ import annotations

import json
import re
from html import unescape

import pyotp
import pytest

from portico.console.typed import KEPT_S, MOST, Kept, Typed
from portico.ledger import bulletins
from portico.ledger.bulletins import Written
from portico.operators.operator import Role
from support import operators_made
from support.doors import Console, press, token
from support.operators_made import PASSWORD

UPDATE = 'It was <b>us</b> & "nobody" else.\r\nWe\'re sorry.'


def typed(page: str = "/statuspage/1", text: str = "Words") -> Typed:
    return Typed(page, f"{page}/update", [("_token", "x"), ("text", text)])


def refilled(html: str) -> list[list[str]]:
    found = re.search(r'id="typed"[^>]* data-fields="([^"]*)"', html)
    return json.loads(unescape(found[1])) if found else []


@pytest.fixture
def console(tmp_path):
    made = Console(tmp_path)
    yield made
    made.ledger.close()


@pytest.fixture
def page(console):
    """Of a bulletin that is public."""
    words = Written("incident", "Slow", "investigating", "We look.", ("site",), None, None)
    number = bulletins.draft(console.ledger, words, by="ada")
    bulletins.publish(console.ledger, number, by="ada")
    return f"/statuspage/{number}"


def signed_in(console, name="ada"):
    person = operators_made.signed_in(console.book, Role.OPERATOR, name=name)
    client = console.browser(person.agent)
    client.cookies.set(*person.cookie)
    return client


def test_an_update_is_still_there_after_the_proof_and_goes_out_when_pressed_again(console, page):
    secret, client = operators_made.with_password(console.book), console.browser()
    console.sign_in(client, secret)
    console.at += 16 * 60
    fields = {"state": "identified", "text": UPDATE}
    asked = press(client, f"{page}/update", page, **fields)
    assert asked.headers["location"] == f"/prove?next=%2Fstatuspage%2F{page[-1]}"
    code = pyotp.TOTP(secret).at(console.at)
    back = press(client, "/prove", asked.headers["location"], password=PASSWORD, code=code, next=page)
    assert back.headers["location"] == page, back.text
    shown = client.get(page).text
    assert "Nothing was done yet" in shown
    assert refilled(shown) == [["state", "identified"], ["text", UPDATE]]
    assert len(bulletins.get(console.ledger, 1).updates) == 1
    press(client, f"{page}/update", page, **fields)
    assert bulletins.get(console.ledger, 1).updates[-1].text.startswith("It was <b>us</b>")


def test_what_was_refused_is_still_there_but_for_a_name_that_confirms(console, page):
    client = signed_in(console)
    press(client, f"{page}/update", page, state="fine", text=UPDATE, _named="b")
    shown = client.get(page).text
    assert 'role="alert"' in shown
    assert refilled(shown) == [["state", "fine"], ["text", UPDATE]]


def test_it_is_shown_once_and_nowhere_else_and_to_nobody_else(console, page):
    mine, other = signed_in(console), signed_in(console, "eve")
    console.at += 16 * 60
    press(mine, f"{page}/update", page, state="identified", text=UPDATE)
    assert not refilled(other.get(page).text)
    assert not refilled(mine.get("/statuspage").text)
    assert refilled(mine.get(page).text)
    assert not refilled(mine.get(page).text)


def test_it_lies_in_no_file_of_the_stack(console, page):
    client = signed_in(console)
    console.at += 16 * 60
    press(client, f"{page}/update", page, state="identified", text="a rare sentence")
    lie = [path for path in console.desk.home.root.rglob("*") if path.is_file()]
    assert lie
    assert not [path for path in lie if b"a rare sentence" in path.read_bytes()]


def test_a_strangers_form_is_not_kept(console, page):
    client = signed_in(console)
    mine = token(client.get("/account"))
    assert client.post(f"{page}/update", data={"_token": mine[::-1], "text": "x"}).status_code == 403
    assert not refilled(client.get(page).text)


def test_it_is_kept_a_quarter_of_an_hour_and_for_so_many_sessions():
    now = [0.0]
    kept = Kept(lambda: now[0])
    kept.keep("a", typed())
    now[0] = KEPT_S - 1
    assert kept.take("a", "/statuspage/1") == Typed(
        "/statuspage/1", "/statuspage/1/update", [("text", "Words")]
    )
    kept.keep("a", typed())
    now[0] += KEPT_S
    assert kept.take("a", "/statuspage/1") is None
    for number in range(MOST + 1):
        kept.keep(str(number), typed())
    assert kept.take("0", "/statuspage/1") is None
    assert kept.take("1", "/statuspage/1")


def test_the_form_that_was_pressed_last_is_the_one_that_is_kept():
    kept = Kept()
    kept.keep("a", typed(text="first"))
    kept.keep("a", typed("/statuspage/2", "second"))
    assert kept.take("a", "/statuspage/1") is None
    kept.drop("a")
    assert kept.take("a", "/statuspage/2") is None
