"""Orders in words, and one followed until it is done."""

from __future__ import annotations

import pytest

from portico.console import telling
from portico.console.pages import orders
from portico.model import Event, Order
from portico.operators.operator import Role
from portico.release.procedure import Progress
from support import consoles, pressing

CLUSTERS = ("a", "b")


def order(kind, state="done", result=None, **args):
    return Order(7, 1000.0, kind, args, "ada (console)", state, result or {})


@pytest.fixture
def desk(tmp_path):
    with consoles.told(tmp_path, "fresh") as told:
        yield told


@pytest.mark.parametrize(
    ("kind", "args", "said"),
    [
        ("drain", {"cluster": "a"}, "Drain cluster a"),
        ("scale", {"cluster": "b", "replicas": 4}, "Scale cluster b to 4"),
        ("rollback", {"snapshot": None}, "Roll back to the last good snapshot"),
        ("eject", {"replica": "a1", "words": "Eject replica a1: so and so."}, "Eject replica a1: so and so"),
        ("takedown", {"paths": ["/a", "/b"]}, "Take down /a, /b"),
        ("something-new", {}, "Something new"),
    ],
)
def test_an_order_is_told_in_words(kind, args, said):
    assert telling.what(order(kind, **args)) == said


def test_an_order_of_a_drill_tells_what_came_of_it():
    given = order("drill", drill="edge")
    ended = [
        Event(1, at, "drill", "edge", {"result": result}, "")
        for at, result in ((900, "failed"), (1040, "passed"))
    ]
    assert orders.drilled(given, []) == orders.Drilled("edge", "/drills/edge")
    assert orders.drilled(given, ended) == orders.Drilled("edge", "/drills/edge", 1040, "passed")
    assert orders.drilled(order("drill", alert="edge-down"), ended).href == "/alerts/edge-down"
    assert orders.drilled(order("drain", cluster="a"), ended) is None


def test_an_order_of_a_drill_leads_to_it(desk):
    number = desk.ledger.order("drill", {"drill": "edge"}, by="ada (console)")
    client = consoles.client(desk)
    assert (
        '<a href="/drills/edge">edge</a> <span class="small soft">what it'
        in client.get(f"/orders/{number}").text
    )
    desk.ledger.record("drill", "edge", result="failed")
    assert '<svg class="mark bad"' in client.get(f"/orders/{number}").text.split("that it began")[1][:300]


def test_a_publish_that_goes_on_shows_what_is_done_what_goes_on_and_what_is_to_come():
    done = Progress("s", done=("check", "copy:a"), seconds={"check": 0.1, "copy:a": 0.4})
    steps = telling.publish_steps(order("publish", "taken"), done, CLUSTERS)
    assert [(step.words, step.state) for step in steps[:4]] == [
        ("checked", "done"),
        ("in cluster a", "done"),
        ("in cluster b", "taken"),
        ("in the mirror", "open"),
    ]
    assert [step.share for step in steps[:2]] == [0.25, 1.0]


def test_a_publish_that_was_flipped_back_shows_that_too():
    seconds = {"check": 0.1, "flip": 0.1, "flip-back": 0.1}
    done = Progress("s", done=tuple(seconds), seconds=seconds, why="not seen")
    steps = telling.publish_steps(order("publish", "failed"), done, CLUSTERS)
    assert ("flipped back", "done") in [(step.words, step.state) for step in steps]


def test_an_order_is_followed_from_who_gave_it_to_why_it_was_refused(desk):
    client = consoles.client(desk)
    number = desk.ledger.order("drain", {"cluster": "b"}, by="ada (console)")
    page = client.get(f"/orders/{number}").text
    assert "ordered by ada (console)" in page
    assert "waiting" in page
    desk.ledger.take(desk.ledger.get_order(number))
    desk.ledger.settle(
        desk.ledger.get_order(number), "failed", why="b is the last healthy cluster", hint="heal"
    )
    page = client.get(f"/orders/{number}").text
    assert "the keeper took it up" in page
    assert "b is the last healthy cluster" in page


def test_what_an_action_did_is_taken_back_once(desk):
    client = consoles.client(desk)
    args = {"cluster": "a", "action": "fail-over", "about": "a", "words": "Drain cluster a."}
    number = desk.ledger.order("drain", args, by="policy")
    desk.ledger.settle(desk.ledger.get_order(number), "done")
    assert "Send visitors to cluster a again." in client.get(f"/orders/{number}").text
    pressing.press(client, f"/orders/{number}", f"/orders/{number}/undo")
    back = desk.ledger.open_orders()[0]
    assert (back.kind, back.args["undoes"], back.by) == ("undrain", number, "ada (console)")
    page = client.get(f"/orders/{number}")
    assert f"/orders/{number}/undo" not in pressing.offered(page)
    assert f'<a href="/orders/{back.id}">Order {back.id}</a> took it back' in page.text


def test_the_list_shows_what_goes_on_first_and_by_whom(desk):
    before = desk.ledger.order("publish", {"snapshot": "3" * 64}, by="editor (studio)")
    desk.ledger.settle(desk.ledger.get_order(before), "done")
    desk.ledger.order("drain", {"cluster": "a"}, by="mara")
    page = consoles.client(desk, Role.VIEWER).get("/orders").text
    assert page.index("Drain cluster a") < page.index("Publish snapshot")
    assert "editor (studio)" in page


def test_a_number_that_was_never_given_is_not_found(desk):
    assert consoles.client(desk).get("/orders/999").status_code == 404
