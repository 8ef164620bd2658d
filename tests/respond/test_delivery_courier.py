"""What is due is written first and sent second, to real servers, also around a crash."""

import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from portico.ledger import asks, incidents, outbox, silences
from portico.ledger.asks import Question
from portico.model import Severity
from portico.respond.delivery import courier
from support import inboxes, telling

ROOT = Path(__file__).parents[2]


@pytest.fixture
def hook():
    with inboxes.hook() as opened:
        yield opened


@pytest.fixture
def other():
    with inboxes.hook() as opened:
        yield opened


@pytest.fixture
def mails():
    with inboxes.mails() as opened:
        yield opened


def channel(name, opened, more=""):
    return f'[[notify.channels]]\nname = "{name}"\nurl = "json://127.0.0.1:{opened.port}/{name}"\n{more}\n'


def mail_channel(mails, more=""):
    url = f"mailto://127.0.0.1:{mails.port}?from=portico@example.com&to=oncall@example.com"
    return f'[[notify.channels]]\nname = "mail"\nurl = "{url}"\n{more}\n'


def titles(opened):
    return [got["title"] for got in opened.got]


@pytest.fixture
def post(tmp_path):
    made = []

    def make(toml):
        made.append(telling.post(tmp_path, toml))
        return made[-1]

    yield make
    for each in made:
        each.ledger.close()


def test_an_incident_reaches_a_mailbox_and_a_webhook_and_so_does_its_end(post, mails, hook):
    desk = post(mail_channel(mails) + channel("hook", hook))
    incident = desk.incident(cause="both replicas of a died within a second")
    desk.ledger.record("replica.started", "a1")
    desk.tick(after=14)
    body = mails.got[0].get_content().replace("\r\n", "\n")
    assert body.startswith("Cluster a is down\nIncident 1, critical, since 12:00:00 UTC, 14 s ago\n\n")
    assert "Probable cause: both replicas of a died within a second\n" in body
    assert "What happened and was done already:\n- 12:00:00 UTC replica a1 was started\n" in body
    assert "Runbook: docs/runbooks/cluster-down.md\n" in body
    assert "Acknowledge:\nhttp://127.0.0.1:9464/a/" in body
    desk.close(incident)
    desk.tick(after=60)
    assert titles(hook) == ["Critical: Cluster a is down", "Over: Cluster a is down"]
    assert [mail["subject"] for mail in mails.got] == titles(hook)
    assert {mail["references"] for mail in mails.got} == {mails.got[0]["references"]}
    assert "Acknowledge" not in hook.got[1]["message"]


def test_it_is_recorded_first_and_sent_second(post, hook):
    desk = post(channel("hook", hook))
    hook.answers += [503]
    desk.incident()
    desk.tick()
    assert hook.got == []
    assert [row.draft.title for row in outbox.due(desk.ledger, desk.clock.now + 10)] == [
        "Critical: Cluster a is down"
    ]
    (delayed,) = desk.events("message.delayed")
    assert delayed.data["why"] == "the service answered 503"
    desk.tick(after=1)
    assert len(hook.got) == 1
    assert [event.subject for event in desk.events("message.sent")] == ["hook"]


def test_it_is_told_once_however_often_it_is_looked_at(post, hook):
    desk = post(channel("hook", hook))
    desk.incident()
    for _ in range(5):
        desk.tick(after=1)
    desk.restart()
    desk.tick(after=1)
    assert len(hook.got) == 1


def test_a_slow_channel_holds_nobody_up(post, hook, other):
    desk = post(channel("slow", hook) + channel("quick", other))
    hook.hold = threading.Event()
    desk.incident()
    sender = courier.Courier(desk.watched)
    sender.tick(desk.clock.now)
    inboxes.until(lambda: other.got)
    desk.incident("The edge is down", key="edge-down")
    inboxes.until(lambda: sender.tick(desk.clock.now) or len(other.got) == 2)
    assert hook.got == []
    hook.hold.set()
    inboxes.until(lambda: sender.tick(desk.clock.now) or len(hook.got) == 2)
    assert titles(hook) == titles(other)
    sender.stop()


def test_what_is_about_one_incident_arrives_in_order(post, hook):
    desk = post(channel("hook", hook))
    incident = desk.incident(severity="warning")
    hook.answers += [503, 503]
    desk.tick()
    worse = tuple(replace(member, severity=Severity.CRITICAL) for member in incident.members)
    desk.change(incident, severity=Severity.CRITICAL, members=worse)
    desk.tick(after=0.5)
    desk.tick(after=60)
    desk.tick(after=60)
    desk.close(incident)
    desk.tick()
    assert [title.partition(":")[0] for title in titles(hook)] == ["Warning", "Now critical", "Over"]


def test_an_incident_that_comes_again_is_told_again_in_the_same_thread(post, hook):
    desk = post(channel("hook", hook))
    incident = desk.incident()
    desk.tick(after=1)
    for _ in range(2):
        desk.close(incident)
        desk.tick(after=60)
        desk.tick(after=1)
        assert titles(hook)[-1].startswith("Over: ")
        desk.reopen(incident)
        desk.tick(after=1)
        desk.tick(after=3)
    kinds = [title.partition(":")[0] for title in titles(hook)]
    assert kinds == ["Critical", "Over", "Again", "Over", "Again"]
    assert len({got["thread"] for got in hook.got}) == 1


def test_what_joins_is_told_once_in_the_same_thread_and_can_be_acknowledged(post, hook):
    desk = post(channel("hook", hook))
    incident = desk.incident()
    desk.tick(after=1)
    desk.join(incident, "keeper-down")
    desk.tick(after=2)
    desk.join(incident, "disk-low", "warning")
    desk.tick(after=1)
    desk.tick(after=60)
    assert titles(hook)[1:] == ["Also critical: keeper-down is off. And 1 more."]
    assert "disk-low is off." in hook.got[1]["message"]
    assert "Acknowledge" in hook.got[1]["message"]
    assert len({got["thread"] for got in hook.got}) == 1


def test_what_comes_and_goes_is_listed_once_with_how_often(post, hook):
    desk = post(channel("hook", hook))
    incident = desk.incident()
    for _ in range(3):
        desk.clock.now += 5
        desk.join(incident, "site-slow-outside", "warning")
    desk.tick(after=1)
    assert hook.got[0]["message"].count("site-slow-outside is off.") == 1
    assert "3 times in all" in hook.got[0]["message"]


def test_a_clock_that_is_set_back_puts_nothing_off(post, hook):
    desk = post(channel("hook", hook))
    hook.answers += [503]
    desk.incident()
    desk.tick()
    desk.tick(after=-7200)
    assert len(hook.got) == 1


# crashes


def sender(folder):
    """A process that tells people as the watcher does."""
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"}
    return subprocess.Popen([sys.executable, "-m", "support.couriering", str(folder)], env=env)


@pytest.fixture
def senders():
    started = []
    yield started
    for process in started:
        process.kill()
        process.wait()


def test_killed_between_sending_and_noting_it_the_same_message_comes_again(post, hook, tmp_path, senders):
    desk = post(channel("hook", hook))
    hook.hold = threading.Event()
    desk.incident()
    senders.append(sender(tmp_path))
    inboxes.until(lambda: hook.asked)
    senders[0].send_signal(signal.SIGKILL)
    senders[0].wait()
    hook.hold.set()
    inboxes.until(lambda: hook.got)
    assert desk.events("message.sent") == []
    desk.tick()
    first, again = hook.got
    assert first == again
    assert first["id"].endswith("-1")
    assert len(desk.events("message.sent")) == 1


def test_killed_at_any_moment_nothing_is_lost_and_no_copy_has_another_id(post, hook, tmp_path, senders):
    desk = post(channel("hook", hook))
    for number in range(3):
        desk.incident(f"Trouble {number}", key=f"trouble-{number}")
        senders.append(sender(tmp_path))
        inboxes.until(lambda number=number: len(hook.asked) > number or senders[-1].poll() is not None)
        senders[-1].send_signal(signal.SIGKILL)
        senders[-1].wait()
    desk.tick()
    told = {got["id"]: got["title"] for got in hook.got}
    assert sorted(told.values()) == [f"Critical: Trouble {number}" for number in range(3)]
    assert len({(got["id"], got["message"]) for got in hook.got}) == 3


# failures


def test_when_a_channel_fails_its_fallback_is_told_and_that_it_fails_is_found(post, hook, other):
    desk = post(
        channel("first", hook, 'fallback = "second"') + channel("second", other, 'severity = "critical"')
    )
    hook.answers += [503] * 3
    incident = desk.incident(severity="warning")
    for _ in range(4):
        desk.tick(after=4)
    assert titles(other) == ["Warning: Cluster a is down"]
    assert hook.got == []
    (failed,) = desk.events("message.failed")
    assert (failed.subject, failed.data["instead"]) == ("first", "second")
    finding = desk.courier.troubles()["notify-failing:first"]
    assert finding.sentence == "Messages do not get through to first: the service answered 503."
    desk.close(incident)
    desk.tick()
    assert titles(other)[1:] == ["Over: Cluster a is down"]
    assert hook.got == []


def test_a_lasting_failure_asks_the_fallback_at_once(post, hook, other):
    desk = post(
        channel("first", hook, 'fallback = "second"') + channel("second", other, 'severity = "critical"')
    )
    hook.answers += [403]
    desk.incident(severity="warning")
    desk.tick()
    assert len(other.got) == 1
    assert "notify-failing:first" in desk.courier.troubles()


def test_a_fallback_that_was_told_anyhow_is_not_told_twice(post, hook, other):
    desk = post(channel("first", hook, 'fallback = "second"') + channel("second", other))
    hook.answers += [403]
    desk.incident()
    for _ in range(3):
        desk.tick(after=1)
    assert len(other.got) == 1


def test_fallbacks_in_a_circle_end(post, hook, other):
    desk = post(
        channel("first", hook, 'fallback = "second"') + channel("second", other, 'fallback = "first"')
    )
    hook.answers += [403] * 9
    other.answers += [403] * 9
    desk.incident(severity="warning")
    for _ in range(3):
        desk.tick(after=1)
    assert len(hook.asked) + len(other.asked) < 6


def test_without_a_fallback_it_is_tried_on_and_arrives_when_the_service_is_back(post, hook):
    desk = post(channel("hook", hook))
    hook.answers += [503] * 6
    desk.incident()
    for _ in range(8):
        desk.tick(after=130)
    assert len(hook.got) == 1
    assert desk.courier.troubles() == {}


def test_the_channel_is_well_again_when_a_message_gets_through(post, hook):
    desk = post(channel("hook", hook))
    hook.answers += [403]
    desk.incident()
    desk.tick()
    assert "notify-failing:hook" in desk.courier.troubles()
    desk.restart()
    desk.tick(after=1)
    assert desk.courier.troubles() == {}
    assert len(hook.got) == 1


def test_a_channel_that_is_configured_no_longer_is_let_go(post, hook, other, tmp_path):
    desk = post(channel("hook", hook))
    hook.answers += [503]
    desk.incident()
    desk.tick()
    desk.ledger.close()
    desk = post(channel("new", other))
    desk.tick(after=5)
    (failed,) = desk.events("message.failed")
    assert failed.data["why"] == "the channel is in the settings no longer"
    assert len(other.got) == 1


def test_no_channel_at_all_is_told_once_and_incidents_are_recorded(post):
    desk = post("")
    desk.incident()
    for _ in range(3):
        desk.restart()
        desk.tick(after=1)
    (event,) = desk.events("notify.nobody")
    assert "nobody is told" in event.subject
    assert len(incidents.current(desk.ledger)) == 1
    assert desk.courier.troubles() == {}


# silences, drills, questions


def test_a_silence_that_ends_while_the_trouble_goes_on_tells_then(post, hook):
    desk = post(channel("hook", hook))
    number = silences.add(desk.ledger, "cluster=a", desk.clock.now + 600, reason="works", by="anna")
    desk.incident()
    desk.tick(after=599)
    assert hook.got == []
    desk.tick(after=1)
    assert len(hook.got) == 1
    assert [event.data["silence"] for event in desk.events("silence.added")] == [number]


def test_what_was_silenced_until_its_end_is_never_told(post, hook):
    desk = post(channel("hook", hook))
    silences.add(desk.ledger, "cluster=a", desk.clock.now + 600, reason="works", by="anna")
    incident = desk.incident()
    desk.tick(after=5)
    desk.close(incident)
    desk.tick(after=9999)
    assert hook.got == []


def test_a_drill_says_so_in_the_event_of_its_message(post, hook):
    desk = post(channel("hook", hook))
    desk.incident("Drill: Cluster a is down", drill="cluster-down", finding={"drill": True})
    desk.tick()
    (sent,) = desk.events("message.sent")
    assert (sent.subject, sent.data["drill"]) == ("hook", "cluster-down")


def test_a_question_is_put_with_a_yes_and_a_no(post, hook):
    desk = post(channel("hook", hook))
    incident = desk.incident()
    desk.tick()
    words = "Drain cluster a: visitors are served by cluster b alone."
    question = Question("fail_over", "drain", {"cluster": "a"}, "down", words, incident.id)
    asks.create(desk.ledger, question, desk.clock.now + 600)
    desk.tick(after=1)
    desk.tick(after=1)
    assert titles(hook)[1:] == [f"Yes or no: {words}"]
    said = hook.got[1]["message"]
    assert "Yes, drain cluster a:\nhttp" in said
    assert "No, don't drain cluster a:\nhttp" in said


def test_a_question_that_belongs_to_no_incident_is_put_all_the_same(post, hook):
    desk = post(channel("hook", hook))
    question = Question("free_disk", "gc", {}, "full", "Delete old snapshots")
    asks.create(desk.ledger, question, desk.clock.now + 600)
    for _ in range(3):
        desk.tick(after=1)
    assert titles(hook) == ["Yes or no: Delete old snapshots"]
    assert "Acknowledge" not in hook.got[0]["message"]


def test_a_storm_is_one_message_with_all_of_it_and_one_link_to_acknowledge_it(post, hook):
    desk = post(channel("hook", hook))
    found = [desk.incident(f"Trouble {number}", "warning", key=f"trouble-{number}") for number in range(20)]
    desk.tick()
    (got,) = hook.got
    assert got["title"] == "Warning: 20 incidents: Trouble 0, and more"
    assert "- warning: Trouble 3 (Incident 4, warning, since 12:00:00 UTC, 0 s ago)" in got["message"]
    assert "- and 8 more: portico incidents" in got["message"]
    for incident in found:
        desk.close(incident)
    desk.tick(after=9)
    assert titles(hook)[1:] == ["Over: 20 incidents: Trouble 0, and more"]


def test_neither_ledger_nor_events_hold_an_address_or_a_link(post, hook, tmp_path):
    secret = "t0psecret"
    desk = post(
        f'[[notify.channels]]\nname = "hook"\nurl = "json://u:{secret}@127.0.0.1:{hook.port}/{secret}"'
    )
    hook.answers += [503]
    desk.incident()
    desk.tick()
    desk.tick(after=5)
    assert hook.asked[0][1] == f"/{secret}"
    token = hook.got[0]["link"].rpartition("/")[2]
    desk.ledger.ask("PRAGMA wal_checkpoint(TRUNCATE)")
    for file in desk.watched.home.root.rglob("*"):
        data = file.read_bytes() if file.is_file() else b""
        assert secret.encode() not in data, file
        assert token.encode() not in data, file
