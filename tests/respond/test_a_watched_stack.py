"""A whole stack with its watcher: what goes wrong is seen, told, explained, and proven by drills."""

from __future__ import annotations

import json
import os
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import client
from urllib.parse import urlsplit

import pytest

from portico.kit import process
from portico.ledger import incidents
from portico.respond import links
from support import inboxes
from support.stack import running_stack, until

pytestmark = pytest.mark.timeout(300)

SETTINGS = """
[watch]
enabled = true
port = 0
every_s = 1
[probes]
every_s = 0.5
timeout_s = 1
fails = 2
[keeper]
soak_s = 1
[[notify.channels]]
name = "mail"
url = "mailto://127.0.0.1:{mail}?from=portico@example.com&to=oncall@example.com"
[[notify.channels]]
name = "hook"
url = "json://127.0.0.1:{hook}/"
"""


@pytest.fixture(scope="module")
def mails():
    with inboxes.mails() as found:
        yield found


@pytest.fixture(scope="module")
def hook():
    with inboxes.hook() as found:
        yield found


@pytest.fixture(scope="module")
def stack(tmp_path_factory, mails, hook):
    settings = SETTINGS.format(mail=mails.port, hook=hook.port)
    with running_stack(None, tmp_path_factory.mktemp("watched"), settings) as running:
        ledger = running.ledger()
        until(lambda: (seen := ledger.seen("watch")) and seen[0]["probes"]["looked"], what="the first look")
        ledger.close()
        yield running


@pytest.fixture
def ledger(stack):
    opened = stack.ledger()
    yield opened
    opened.close()


@contextmanager
def edge_stopped(stack) -> Iterator[None]:
    """An outage that the keeper can't heal: whichever edge it starts is stopped at once."""
    over = threading.Event()

    def hold(number=signal.SIGSTOP):
        if known := process.recall(stack.home.record("edge")):
            for one in (known, *process.children(known)):
                process.kill(one, number)

    def keep():
        while not over.wait(0.02):
            hold()

    holding = threading.Thread(target=keep)
    holding.start()
    try:
        yield
    finally:
        over.set()
        holding.join()
        hold(signal.SIGCONT)


def asked(method, url):
    parts = urlsplit(url)
    connection = client.HTTPConnection(parts.netloc, timeout=60)
    try:
        connection.request(method, parts.path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def subjects(mails):
    return [str(mail["subject"]) for mail in mails.got]


def test_what_is_measured_can_be_scraped_and_charted(stack, ledger):
    address = ledger.seen("watch")[0]["address"]
    _, text = asked("GET", f"{address}/metrics")
    assert "# TYPE portico_edge_requests counter" in text
    assert text.endswith("# EOF\n")
    charted = until(
        lambda: json.loads(
            stack.cli("metrics", "query", "portico_edge_requests_total", "--since", "5m", "--json").stdout
            or "null"
        )
    )
    assert charted


@pytest.mark.parametrize(
    ("alert", "how"), [("replica-hung", "live"), ("mirror-behind", "fixture"), ("series-damaged", "fixture")]
)
def test_an_alert_is_proven_by_a_drill_that_goes_through_to_people(stack, ledger, mails, alert, how):
    done = stack.cli("drill", "alert", alert, "--json", timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    (proof,) = json.loads(done.stdout)
    assert (proof["passed"], proof["how"], proof["channels"]) == (True, how, ["hook", "mail"])
    assert any("drill" in subject.lower() for subject in subjects(mails))
    listed = {one["name"]: one for one in json.loads(stack.cli("alerts", "--json").stdout)}
    assert listed[alert]["proven"]


def outage(ledger):
    """Beside it a busy machine may be an incident of its own."""
    open_ones = incidents.current(ledger)
    return next((one for one in open_ones if any(it.alert == "site-unreachable" for it in one.members)), None)


def link_for(stack, mails, incident):
    key = links.key(stack.home)
    texts = [mail.get_body(("plain",)).get_content() for mail in mails]
    found = [link for text in texts for link in re.findall(r"http://\S+/a/\S+", text)]
    return next(
        (link for link in found if incident.id in links.read(key, link.split("/a/")[1]).numbers), None
    )


def test_an_outage_is_told_by_mail_and_webhook_acknowledged_by_a_link_and_told_to_be_over(
    stack, ledger, mails, hook
):
    known, hooked = len(mails.got), len(hook.got)
    with edge_stopped(stack):
        incident = until(lambda: outage(ledger), what="the incident")
        link = until(lambda: link_for(stack, mails.got[known:], incident), what="the mail")
        until(lambda: len(hook.got) > hooked, what="the webhook")
        assert "<form" in asked("GET", link)[1]
        assert incidents.get(ledger, incident.id).acknowledged is None
        assert asked("POST", link)[0] == 200
        assert incidents.get(ledger, incident.id).acknowledged is not None
    told = stack.cli("incidents", str(incident.id))
    assert told.returncode == 0, told.stderr
    assert "edge" in told.stdout


def test_a_killed_watcher_is_started_again_and_goes_on(stack, ledger):
    before = stack.pid("watcher")
    os.kill(before, signal.SIGKILL)
    until(lambda: stack.alive().get("watcher", before) != before, what="another watcher")
    at = ledger.seen("watch")[1]
    until(lambda: ledger.seen("watch")[1] > at, what="its first look")
    assert [event.kind for event in ledger.events(kind="watcher.died")] == ["watcher.died"]
