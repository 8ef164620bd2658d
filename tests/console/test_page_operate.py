"""The buttons of the page say what they would do, and the server looks again before it orders."""

from __future__ import annotations

import pytest

from portico.operators.operator import Role
from support import consoles, paperstack, pressing
from support.simulated import Sim


@pytest.fixture
def desk(tmp_path):
    with consoles.told(tmp_path, "fresh") as told:
        yield told


@pytest.fixture
def client(desk):
    return consoles.client(desk)


def given(desk):
    return [(order.kind, dict(order.args), order.by) for order in desk.ledger.open_orders()]


def test_draining_says_who_serves_then_and_asks_for_the_clusters_name(desk, client):
    form = pressing.offered(client.get("/operate"))["/operate/drain/a"]
    assert form.asks_for_a_name
    assert "cluster b serves alone, with 2 replicas" in form.fields["_will"]
    done = pressing.press(client, "/operate", "/operate/drain/a", _named="a")
    assert given(desk) == [("drain", {"cluster": "a"}, "ada (console)")]
    assert f"/orders/{desk.ledger.open_orders()[0].id}" == done.headers["location"]


def test_another_name_or_none_orders_nothing_and_says_so(desk, client):
    for typed in ("b", "", "A"):
        done = pressing.press(client, "/operate", "/operate/drain/a", _named=typed)
        assert done.headers["location"] == "/operate"
        assert "nothing was done" in pressing.told(client, done)
    assert given(desk) == []


def test_what_was_promised_must_still_hold_when_it_is_pressed(desk, client):
    form = pressing.offered(client.get("/operate"))["/operate/drain/a"]
    desk.ledger.see("status", paperstack.status(down=("b2",)))
    done = client.post("/operate/drain/a", data={**form.fields, "_named": "a"})
    assert "with 1 replica." in pressing.told(client, done)
    assert given(desk) == []


def test_the_last_healthy_cluster_is_not_offered_to_be_drained(desk, client):
    desk.ledger.see("status", paperstack.status(drained=("b",), down=("b1", "b2")))
    page = client.get("/operate")
    assert "/operate/drain/a" not in pressing.offered(page)
    assert "a is the last healthy cluster" in page.text
    assert "/operate/undrain/b" in pressing.offered(page)


def test_a_silent_keeper_is_told_once_with_what_to_do(tmp_path):
    with consoles.told(tmp_path, "keeper_dead") as desk:
        page = consoles.client(desk).get("/operate")
    main = page.text.split("<main")[1]
    assert main.count("the keeper is silent, and nobody would carry it out") == 1
    assert main.count('href="/runbooks/keeper-down"') == 1
    assert main.count("not now.") > 5
    assert not any(action.startswith("/operate/drain") for action in pressing.offered(page))


def test_a_viewer_sees_what_could_be_done_and_has_no_button(desk):
    viewer = consoles.client(desk, Role.VIEWER)
    assert pressing.offered(viewer.get("/operate")) == {}
    data = {"_token": consoles.TOKEN, "_will": "x", "_named": "a"}
    assert viewer.post("/operate/drain/a", data=data).status_code == 403
    assert given(desk) == []


def test_what_takes_something_away_asks_for_a_name_and_what_gives_does_not(client):
    forms = pressing.offered(client.get("/operate"))
    asking = {action.removeprefix("/operate/") for action, form in forms.items() if form.asks_for_a_name}
    assert {"drain/a", "restart/a", "restart/a1", "restart/all", "restart/mirror", "scale/a-1"} <= asking
    assert {"eject-replica/b2", "fail-over/b", "serve-from-mirror"} <= asking
    assert asking.isdisjoint({"scale/a-3", "shield", "renew-certificate", "repair-store/a"})


def test_a_named_action_carries_the_same_arguments_as_from_the_terminal(desk, client):
    pressing.press(client, "/operate", "/operate/eject-replica/a2", _named="a")
    kind, args, _ = given(desk)[0]
    assert (kind, args["replica"], args["action"], args["touches"]) == ("eject", "a2", "eject-replica", "a")
    assert args["words"].startswith("Eject replica a2")


@pytest.mark.parametrize(
    "path", ["drain/zz", "scale/a-99", "scale/a", "nothing", "eject-replica", "restart/b9"]
)
def test_what_is_not_there_is_refused(desk, client, path):
    done = client.post(f"/operate/{path}", data={"_token": consoles.TOKEN, "_will": "", "_named": "a"})
    assert 'role="alert"' in pressing.told(client, done)
    assert given(desk) == []


def test_a_session_that_was_left_open_orders_nothing(desk):
    gate = consoles.Let()
    gate.is_fresh = False
    client = consoles.client(desk, gate=gate)
    done = pressing.press(client, "/operate", "/operate/drain/a", _named="a")
    assert done.headers["location"].startswith("/prove?next=%2Foperate")
    for other in (
        "/publishes/back",
        "/orders/1/undo",
        "/incidents/1/silence",
        "/asks/1/yes",
        "/run/drill/edge",
    ):
        data = {"_token": consoles.TOKEN}
        assert client.post(other, data=data).headers["location"].startswith("/prove"), other
    assert given(desk) == []


def test_two_orders_that_would_take_both_clusters_the_keeper_refuses_and_the_console_shows_why(desk, client):
    """Pressed on a page from before, so that only the keeper can know."""
    for cluster in ("a", "b"):
        pressing.press(client, "/operate", f"/operate/drain/{cluster}", _named=cluster)
    orders = desk.ledger.open_orders()
    keeper = Sim()
    keeper.settle()
    numbers = [keeper.order(order.kind, **order.args) for order in orders]
    keeper.settle()
    for order, number in zip(orders, numbers, strict=True):
        said = keeper.settled[number]
        desk.ledger.settle(order, "done" if said == "done" else "failed", why=said)
    assert [keeper.settled[number] for number in numbers] == ["done", "b is the last healthy cluster"]
    page = client.get(f"/orders/{orders[1].id}").text
    assert "It was refused, or failed:" in page
    assert "b is the last healthy cluster" in page
