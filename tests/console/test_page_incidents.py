"""One incident: its cause, what can be done about it right there, who was told, and its runbook."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from portico.console.pages import incidents as pages
from portico.ledger import asks, incidents, outbox, silences
from portico.ledger.asks import Question
from portico.ledger.incidents import Incident, Member
from portico.ledger.outbox import Draft, Telling
from portico.model import Finding, Severity
from portico.operators.operator import Role
from portico.respond import links
from support import consoles, pressing

WRONG = Finding("cluster-answers-wrong:a", Severity.CRITICAL, "Cluster a answers wrongly.", {"cluster": "a"})
ERRING = Finding("replica-errors:a1", Severity.WARNING, "a1 errs.", {"cluster": "a", "replica": "a1"})


@pytest.fixture
def desk(tmp_path):
    with consoles.told(tmp_path, "fresh") as told:
        yield told


@pytest.fixture
def client(desk):
    return consoles.client(desk)


def begin(desk, *findings, **data):
    """An incident of these findings, which go on."""
    desk.ledger.reconcile_findings({one.key: one for one in findings}, source="watch")
    now = desk.now
    members = tuple(Member(one.key, one.severity, one.sentence, now, None, one.data) for one in findings)
    made = Incident(0, now, None, Severity.CRITICAL, "Cluster a is off", "its store", None, "", data, members)
    return incidents.put(desk.ledger, made)


def question(desk, incident):
    args = {"cluster": "a", "action": "fail-over", "touches": "a", "why": WRONG.sentence}
    words = "Drain cluster a: visitors are served by cluster b alone."
    asked = Question("fail-over", "drain", args, "cause", words, incident.id)
    return asks.create(desk.ledger, asked, desk.now + 600)


def test_the_cause_the_button_and_the_runbook_stand_on_one_page(desk, client):
    found = begin(desk, WRONG)
    page = client.get(f"/incidents/{found.id}")
    assert "Its store." in page.text
    assert f"/incidents/{found.id}/do/fail-over" in pressing.offered(page)
    assert "visitors are served by cluster b alone" in page.text
    assert "Runbook: cluster-answers-wrong" in page.text
    assert "<h3>What to do</h3>" in page.text


def test_acknowledging_says_who_it_was_and_the_second_one_hears_that(desk, client):
    found = begin(desk, WRONG)
    pressing.press(client, f"/incidents/{found.id}", f"/incidents/{found.id}/acknowledge")
    assert incidents.get(desk.ledger, found.id).acknowledged_by == "ada (console)"
    again = client.post(f"/incidents/{found.id}/acknowledge", data={"_token": consoles.TOKEN})
    assert "ada (console) has it already" in pressing.told(client, again)


def test_what_a_finding_calls_for_is_done_by_the_clusters_name(desk, client):
    found = begin(desk, WRONG)
    page, action = f"/incidents/{found.id}", f"/incidents/{found.id}/do/fail-over"
    assert "nothing was done" in pressing.told(client, pressing.press(client, page, action, _named="b"))
    done = pressing.press(client, page, action, _named="a")
    (order,) = desk.ledger.open_orders()
    assert done.headers["location"] == f"/orders/{order.id}"
    assert (order.kind, order.args["incident"], order.by) == ("drain", found.id, "ada (console)")
    assert f"Order {order.id}</a>: Drain cluster a" in client.get(page).text


def test_what_nothing_calls_for_any_more_is_not_done(desk, client):
    found = begin(desk, WRONG)
    form = pressing.offered(client.get(f"/incidents/{found.id}"))[f"/incidents/{found.id}/do/fail-over"]
    desk.ledger.reconcile_findings({}, source="watch")
    done = client.post(form.action, data={**form.fields, "_named": "a"})
    assert "nothing calls for fail-over any more" in pressing.told(client, done)
    assert desk.ledger.open_orders() == []


def test_a_question_stands_beside_the_cause_and_a_yes_orders_it(desk, client):
    found = begin(desk, WRONG)
    ask = question(desk, found)
    page = client.get(f"/incidents/{found.id}")
    assert "Portico asks:" in page.text
    assert f"/incidents/{found.id}/do/fail-over" not in pressing.offered(page)
    pressing.press(client, f"/incidents/{found.id}", f"/asks/{ask}/yes", _named="a")
    (order,) = desk.ledger.open_orders()
    assert (order.kind, order.args["ask"], order.by) == ("drain", ask, "ada (console)")


def test_a_no_is_kept_and_not_asked_again(desk, client):
    ask = question(desk, begin(desk, WRONG))
    pressing.press(client, "/incidents/1", f"/asks/{ask}/no")
    assert asks.get(desk.ledger, ask).state == asks.REFUSED
    late = client.post(f"/asks/{ask}/yes", data={"_token": consoles.TOKEN, "_will": "", "_named": "a"})
    assert 'role="alert"' in pressing.told(client, late)
    assert desk.ledger.open_orders() == []


def test_a_question_that_belongs_to_no_incident_is_answered_from_the_list(desk, client):
    asked = Question("shield", "shield", {"on": True}, "cause", "Raise the shield.")
    ask = asks.create(desk.ledger, asked, desk.now + 600)
    pressing.press(client, "/incidents", f"/asks/{ask}/yes")
    assert [order.kind for order in desk.ledger.open_orders()] == ["shield"]


def test_a_limit_that_forbids_an_action_is_told_in_place_of_its_button(desk, client):
    found = begin(desk, WRONG)
    desk.ledger.order("restart", {"target": "a1"}, by="mara")
    page = client.get(f"/incidents/{found.id}")
    assert "not now, another action is going on" in page.text
    assert f"/incidents/{found.id}/do/fail-over" not in pressing.offered(page)


def test_silencing_needs_a_reason_and_is_about_this_incident(desk, client):
    found = begin(desk, WRONG)
    page, action = f"/incidents/{found.id}", f"/incidents/{found.id}/silence"
    sent = {"_token": consoles.TOKEN, "span": "2h", "matcher": f"incident={found.id}"}
    assert "expected a reason" in pressing.told(client, client.post(action, data={**sent, "reason": " "}))
    other = {**sent, "reason": "x", "matcher": "*"}
    assert "is called" in pressing.told(client, client.post(action, data=other))
    client.post(action, data={**sent, "reason": "new disks"})
    (silence,) = silences.holding(desk.ledger, desk.now)
    assert (silence.reason, silence.by, silence.until) == ("new disks", "ada (console)", desk.now + 7200)
    assert "new disks" in client.get(page).text
    pressing.press(client, page, f"/silences/{silence.id}/end")
    assert silences.holding(desk.ledger, desk.now) == []


def test_who_was_told_stands_there_with_what_did_not_get_through(desk, client):
    found = begin(desk, WRONG)
    draft = Draft("pager", "opened", "i1", Severity.CRITICAL, "Critical", "x", (Telling(found.id, "opened"),))
    outbox.queue(desk.ledger, [draft])
    text = client.get(f"/incidents/{found.id}").text
    assert "pager was called" in text
    assert "waiting" in text


def test_a_viewer_looks_and_presses_nothing(desk):
    found = begin(desk, WRONG)
    question(desk, found)
    page = consoles.client(desk, Role.VIEWER).get(f"/incidents/{found.id}")
    assert pressing.offered(page) == {}
    assert "For people with the role operator" in page.text


def test_findings_that_go_on_come_first_and_what_came_again_is_one_row():
    worse = Member("b", Severity.CRITICAL, "B.", 5.0)
    came = [Member("a", Severity.WARNING, "A.", at, at + 1) for at in (1.0, 3.0)]
    found = Incident(1, 1.0, None, Severity.CRITICAL, "t", "", None, "", {}, (*came, worse))
    assert [(row.key, row.times, row.over) for row in pages.troubles(found)] == [
        ("b", 1, None),
        ("a", 2, 4.0),
    ]


def test_the_state_of_an_incident():
    member = Member("a", Severity.WARNING, "A.", 1.0)
    going = Incident(1, 1.0, None, Severity.WARNING, "t", "", None, "", {}, (member,))
    assert pages.state(going) == "open"
    assert pages.state(replace(going, severity=Severity.INFO)) == "mending"
    assert pages.state(replace(going, members=(replace(member, over=2.0),))) == "ending"
    assert pages.state(replace(going, closed=3.0)) == "over"


def test_from_the_link_in_a_message_to_the_cause_and_to_the_button(desk):
    """1 the link, 2 signing in, and the cause is there; 3 the button. Three and one more are promised."""
    found = begin(desk, WRONG)
    link = urlsplit(links.in_console(desk.settings, desk.home, [found.id])).path
    gate = consoles.Let()
    person, gate.who_is = gate.who_is, None
    client = consoles.client(desk, gate=gate)
    away = urlsplit(client.get(link).headers["location"])
    assert away.path == "/sign-in"
    gate.who_is = person
    page = client.get(parse_qs(away.query)["next"][0])
    assert "Its store." in page.text
    button = f"/incidents/{found.id}/do/fail-over"
    assert pressing.offered(page)[button].asks_for_a_name
    done = pressing.press(client, link, button, _named="a")
    assert done.headers["location"].startswith("/orders/")
