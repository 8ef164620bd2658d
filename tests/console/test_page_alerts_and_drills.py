"""What can call somebody and whether that was proven; what was measured, and starting it."""

from __future__ import annotations

import pytest

from portico.console import runbooks
from portico.console.pages import alerts, drills
from portico.model import Event
from portico.operators.operator import Role
from portico.watch.alerts.table import ALERTS
from support import consoles, paperstack, pressing


@pytest.fixture
def desk(tmp_path):
    with consoles.told(tmp_path, "fresh") as told:
        told.ledger.see("status", paperstack.status())
        yield told


@pytest.fixture
def client(desk):
    return consoles.client(desk)


def prove(desk, alert, **more):
    told = {"passed": True, "how": "live", "seen_s": 2.1, "sent_s": 3.4, "channels": ["pager"], "why": ""}
    desk.ledger.record("drill.alert", alert, **{**told, **more})


def test_an_alert_that_no_drill_has_fired_is_shown_as_unproven(desk, client):
    assert "no drill has fired it yet" in client.get("/alerts").text
    prove(desk, "cluster-down")
    assert "by real damage: seen after 2.1 s, sent after 3.4 s to pager" in client.get("/alerts").text
    assert f"1 of {len(ALERTS)}" in client.get("/alerts").text


def test_a_drill_that_failed_is_no_proof(desk, client):
    prove(desk, "cluster-down", passed=False, why="the alert did not fire")
    text = client.get("/alerts/cluster-down").text
    assert "the alert did not fire" in text
    assert alerts.FAILED in text


def test_an_alert_that_informs_is_told_to_call_nobody():
    event = Event(1, 0.0, "drill.alert", "x", {"passed": True, "how": "fixture", "seen_s": 1.0}, "")
    assert alerts.how(event, informs=True) == "by its fixture: seen after 1.0 s, calls nobody"


def test_every_alert_has_its_runbook_on_its_page(client):
    for name in ALERTS:
        assert runbooks.text(name), name
    assert "<h3>What to do</h3>" in client.get("/alerts/cluster-down").text
    assert client.get("/alerts/no-such").status_code == 404
    assert client.get("/runbooks/..%2fREADME").status_code == 404


def test_a_runbook_leads_to_the_others_here_and_nowhere_else():
    text = runbooks.text("cluster-down")
    assert 'href="/runbooks/disk-full"' in text
    assert ".md" not in text


def test_a_drill_shows_what_it_measured_and_one_that_never_ran_says_so(desk, client):
    numbers = {"sent": 1240, "failed": 0, "p99_ms": 2.4, "eject_s": 0.61, "heal_s": 1.5, "rate": 100}
    desk.ledger.record("drill", "cluster", result="passed", measured={"age": {"p95_s": 0.123}}, **numbers)
    text = client.get("/drills").text
    assert "never run" in text
    assert "passed" in text
    assert "<dt>age p95 s</dt><dd>0.123</dd>" in client.get("/drills/cluster").text


def test_measured_values_are_told_flat():
    event = Event(1, 0.0, "drill", "x", {"measured": {"a_b": {"c": 1}, "d": [1, 2]}}, "")
    assert [(one.name, one.value) for one in drills.measured(event)] == [("a b c", 1), ("d", "1, 2")]


def test_a_drill_is_ordered_by_its_name_and_the_keeper_begins_it(desk, client):
    refused = pressing.press(client, "/drills/replica", "/run/drill/replica", _named="cluster")
    assert "nothing was done" in pressing.told(client, refused)
    pressing.press(client, "/drills/replica", "/run/drill/replica", _named="replica")
    (order,) = desk.ledger.open_orders()
    assert (order.kind, order.args, order.by) == ("drill", {"drill": "replica"}, "ada (console)")


def test_an_alert_is_fired_by_the_same_road(desk, client):
    pressing.press(client, "/alerts/cluster-down", "/run/alert/cluster-down", _named="cluster-down")
    assert desk.ledger.open_orders()[0].args == {"alert": "cluster-down"}


def test_rate_and_seconds_of_a_drill_are_chosen_within_the_terminals_bounds(desk, client):
    page, way = "/drills/replica", "/run/drill/replica"
    pressing.press(client, page, way, _named="replica", rate="250", seconds="30")
    assert desk.ledger.open_orders()[0].args == {"drill": "replica", "rate": 250, "seconds": 30}
    for rate in ("0", "5001", "²", "many", "9" * 30):
        answer = pressing.press(client, page, way, _named="replica", rate=rate, seconds="0")
        assert "expected rate to be a number from 1 to 5000" in pressing.told(client, answer), rate
    assert len(desk.ledger.open_orders()) == 1


def test_no_drill_is_begun_on_a_stack_that_is_not_well(desk, client):
    desk.ledger.see("status", paperstack.status(down=("b2",)))
    page = client.get("/drills/replica")
    assert "b2 is down" in page.text
    assert pressing.offered(page) == {}
    sent = {"_token": consoles.TOKEN, "_named": "replica"}
    assert "a drill needs a calm stack" in pressing.told(client, client.post("/run/drill/replica", data=sent))
    assert desk.ledger.open_orders() == []


def test_a_running_drill_and_one_that_was_not_run_are_told(desk, client):
    desk.ledger.record("drill.refused", "replica", what="drill", why="the edge is down")
    assert "the edge is down" in client.get("/drills").text
    desk.ledger.see("drill.running", {"name": "replica", "until": desk.now + 60})
    assert "The drill replica is running" in client.get("/drills/replica").text


def test_a_viewer_starts_nothing(desk):
    viewer = consoles.client(desk, Role.VIEWER)
    assert pressing.offered(viewer.get("/drills/replica")) == {}
    sent = {"_token": consoles.TOKEN, "_named": "replica"}
    assert viewer.post("/run/drill/replica", data=sent).status_code == 403
