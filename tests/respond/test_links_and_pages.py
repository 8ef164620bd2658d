"""Links in messages: signed, for one purpose, until an end; looking never acts, the button does."""

import base64
import hashlib
import itertools
import re
from http import client
from urllib.parse import urlsplit

import pytest

from portico.kit.errors import PorticoError
from portico.ledger import asks, incidents
from portico.ledger.asks import Question
from portico.respond import links, pages
from portico.respond.links import ACKNOWLEDGE, APPROVE, REFUSE, Press
from portico.respond.listener import Listener
from support import telling

CAUSES = itertools.count()


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    made = telling.post(tmp_path_factory.mktemp("desk"), "[watch]\nport = 0\n")
    yield made
    made.ledger.close()


@pytest.fixture(scope="module")
def address(desk):
    """The real listener, which ends with the process."""
    home = desk.watched.home
    listener = Listener(desk.watched.settings.watch, home.watch_port, pages.routes(desk.watched))
    listener.start()
    return listener.address


@pytest.fixture
def ask(desk, address):
    """Requests to the real listener."""

    def request(method, token):
        parts = urlsplit(address)
        connection = client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        connection.request(method, f"/a/{token}")
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer, text

    return request


def token(desk, purpose, *numbers, lasting=3600):
    key = links.key(desk.watched.home)
    return links.token(key, Press(purpose, numbers, desk.clock.now + lasting, "team"))


def question(desk):
    words, cause = "Send all visitors to cluster b", f"down-{next(CAUSES)}"
    asked = Question("fail_over", "drain", {"cluster": "a"}, cause, words)
    return asks.create(desk.ledger, asked, desk.clock.now + 600)


def orders(desk, number):
    return [order for order in desk.ledger.open_orders() if order.args["ask"] == number]


def heading(text):
    return re.search(r"<h1[^>]*>(.*?)</h1>", text)[1]


# tokens


def test_the_key_is_made_once_and_is_its_owners_alone(desk):
    home = desk.watched.home
    assert links.key(home) == links.key(home)
    assert len(links.key(home)) == 64
    assert home.link_key.stat().st_mode & 0o777 == 0o600


def test_a_token_says_the_same_again(desk):
    key = links.key(desk.watched.home)
    press = Press(ACKNOWLEDGE, (1, 2), 1000.0, "team")
    assert links.read(key, links.token(key, press)) == press
    assert links.token(key, press) == links.token(key, press)
    assert links.press(press.data) == press


@pytest.mark.parametrize(
    "change",
    [lambda t: t[:-1], lambda t: f"A{t[1:]}", lambda t: t + "x", lambda t: t[:0], lambda t: "é" + t[1:]],
)
def test_a_token_that_was_changed_is_refused(desk, change):
    with pytest.raises(PorticoError, match="was changed on its way"):
        links.read(links.key(desk.watched.home), change(token(desk, ACKNOWLEDGE, 1)))


def test_a_token_of_another_key_is_refused(desk):
    with pytest.raises(PorticoError):
        links.read(b"another", token(desk, ACKNOWLEDGE, 1))


def test_links_lead_to_the_listener_or_to_where_the_settings_say(desk, address, tmp_path):
    assert links.base(desk.watched.settings, desk.watched.home) == address
    other = telling.post(tmp_path, '[notify]\nlink = "https://ops.example.com/"\n')
    assert links.base(other.watched.settings, other.watched.home) == "https://ops.example.com"
    other.ledger.close()


# acknowledging


def test_looking_says_what_the_button_will_do_and_does_nothing(desk, ask):
    incident = desk.incident("Cluster <a> is down")
    for method in ("GET", "HEAD", "GET"):
        answer, text = ask(method, token(desk, ACKNOWLEDGE, incident.id))
        assert answer.status == 200
    assert heading(text) == "Cluster &lt;a&gt; is down"
    assert '<form method="post"><button>Acknowledge</button></form>' in text
    assert incidents.get(desk.ledger, incident.id).acknowledged is None


def test_the_button_acknowledges_and_says_by_which_link(desk, ask):
    incident = desk.incident()
    answer, text = ask("POST", token(desk, ACKNOWLEDGE, incident.id))
    assert (answer.status, heading(text)) == (200, "Acknowledged")
    known = incidents.get(desk.ledger, incident.id)
    assert (known.acknowledged, known.acknowledged_by) == (desk.clock.now, "link sent to team")


def test_pressing_twice_changes_nothing_and_says_who_was_first(desk, ask):
    incident = desk.incident()
    incidents.acknowledge(desk.ledger, incident.id, by="anna")
    for method in ("GET", "POST"):
        answer, text = ask(method, token(desk, ACKNOWLEDGE, incident.id))
        assert (answer.status, heading(text)) == (200, "Acknowledged already")
        assert "By anna." in text
        assert "<button" not in text
    assert incidents.get(desk.ledger, incident.id).acknowledged_by == "anna"


def test_a_storms_link_acknowledges_all_of_it_that_waits(desk, ask):
    found = [desk.incident(f"Trouble {number}", key=f"trouble-{number}") for number in range(3)]
    incidents.acknowledge(desk.ledger, found[0].id, by="anna")
    numbers = [incident.id for incident in found]
    assert "Acknowledge all 2" in ask("GET", token(desk, ACKNOWLEDGE, *numbers))[1]
    ask("POST", token(desk, ACKNOWLEDGE, *numbers))
    by = [incidents.get(desk.ledger, number).acknowledged_by for number in numbers]
    assert by == ["anna", "link sent to team", "link sent to team"]


def test_what_is_over_needs_nobody(desk, ask):
    incident = desk.close(desk.incident())
    answer, text = ask("POST", token(desk, ACKNOWLEDGE, incident.id))
    assert (answer.status, heading(text)) == (200, "It is over already")


def test_an_incident_that_is_not_there_is_said(desk, ask):
    assert ask("GET", token(desk, ACKNOWLEDGE, 99))[0].status == 404


# questions


def test_a_yes_gives_the_order_once(desk, ask):
    number = question(desk)
    answer, text = ask("GET", token(desk, APPROVE, number))
    assert (answer.status, heading(text)) == (200, "Send all visitors to cluster b")
    assert orders(desk, number) == []
    answer, text = ask("POST", token(desk, APPROVE, number))
    assert (answer.status, heading(text)) == (200, "It is being done")
    answer, text = ask("POST", token(desk, APPROVE, number))
    assert (answer.status, heading(text)) == (200, "This question is closed")
    assert "link sent to team said yes already." in text
    (order,) = orders(desk, number)
    assert (order.kind, order.by) == ("drain", "link sent to team")


def test_a_no_gives_none_and_a_later_yes_is_too_late(desk, ask):
    number = question(desk)
    assert heading(ask("POST", token(desk, REFUSE, number))[1]) == "Refused"
    _, text = ask("POST", token(desk, APPROVE, number))
    assert "said no already" in text
    assert orders(desk, number) == []


def test_a_question_that_is_void_is_said(desk, ask):
    number = question(desk)
    asks.withdraw(desk.ledger, asks.get(desk.ledger, number), "over")
    answer, text = ask("POST", token(desk, APPROVE, number))
    assert answer.status == 410
    assert "what it was about is over" in text
    assert orders(desk, number) == []


def test_a_link_to_acknowledge_can_not_approve(desk, ask):
    number = question(desk)
    ask("POST", token(desk, ACKNOWLEDGE, number))
    assert asks.get(desk.ledger, number).state == "waiting"


# what can't be used


def test_an_old_link_is_told_so_and_does_nothing(desk, ask):
    incident = desk.incident()
    old = token(desk, ACKNOWLEDGE, incident.id, lasting=60)
    desk.clock.now += 61
    for method in ("GET", "POST"):
        answer, text = ask(method, old)
        assert (answer.status, heading(text)) == (410, "This link is too old")
    assert incidents.get(desk.ledger, incident.id).acknowledged is None


@pytest.mark.parametrize("given", ["x", "a.b", "%3Cscript%3E", "A" * 5000])
def test_what_is_no_token_is_refused_politely(ask, given):
    for method in ("GET", "POST"):
        answer, text = ask(method, given)
        assert (answer.status, heading(text)) == (400, "This link can&#x27;t be used")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(desk, ask, method):
    assert ask(method, token(desk, ACKNOWLEDGE, 1))[0].status == 405


def test_no_page_is_kept_framed_found_or_runs_a_script(desk, ask):
    for given in (token(desk, ACKNOWLEDGE, desk.incident().id), "x"):
        answer, text = ask("GET", given)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "noindex" in answer.headers["x-robots-tag"]
        policy = answer.headers["content-security-policy"]
        style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert policy == (
            f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none';"
            " frame-ancestors 'none'"
        )
        assert "<script" not in text
        assert "style=" not in text
