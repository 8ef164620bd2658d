"""Messages are written first and sent second; nothing is told twice, and what is told is an event."""

import pytest

from portico.kit.errors import PorticoError
from portico.ledger import incidents, outbox, silences
from portico.ledger.incidents import Incident
from portico.ledger.ledger import Ledger
from portico.ledger.outbox import Draft, Telling
from portico.model import Severity


@pytest.fixture
def clock():
    return [1000.0]


@pytest.fixture
def ledger(tmp_path, clock):
    opened = Ledger(tmp_path / "ledger.db", now=lambda: clock[0])
    yield opened
    opened.close()


def draft(*incidents, channel="team", kind="opened", step=0, thread="i1", **data):
    tellings = tuple(Telling(number, kind, step) for number in incidents)
    return Draft(channel, kind, thread, Severity.WARNING, "Off", "It is off.", tellings, data)


def waiting(ledger, now=1000.0):
    return [(row.draft.channel, row.draft.kind) for row in outbox.due(ledger, now)]


def test_what_was_told_to_a_channel_is_not_written_again(ledger):
    outbox.queue(ledger, [draft(1), draft(1), draft(1, channel="pager")])
    outbox.queue(ledger, [draft(1)])
    assert waiting(ledger) == [("team", "opened"), ("pager", "opened")]
    assert len(ledger.ask("SELECT 1 FROM messages")) == 2


def test_all_of_it_is_written_or_nothing(ledger):
    broken = draft(2, channel="pager", bad=object())
    with pytest.raises(TypeError):
        outbox.queue(ledger, [draft(1), broken])
    assert outbox.due(ledger, 1000) == []


def test_one_sender_takes_a_message_and_another_may_when_its_time_is_over(ledger):
    outbox.queue(ledger, [draft(1)])
    (row,) = outbox.due(ledger, 1000)
    assert outbox.take(ledger, row, until=1060)
    assert not outbox.take(ledger, row, until=1060)
    assert outbox.due(ledger, 1059) == []
    (again,) = outbox.due(ledger, 1060)
    assert (again.id, again.attempts) == (row.id, 1)


def test_a_new_sender_goes_on_at_once_with_what_a_dead_one_had(ledger):
    outbox.queue(ledger, [draft(1)])
    outbox.take(ledger, outbox.due(ledger, 1000)[0], until=1060)
    outbox.release(ledger, 1001)
    assert len(outbox.due(ledger, 1001)) == 1


def test_nothing_overtakes_in_a_thread(ledger):
    outbox.queue(ledger, [draft(1), draft(1, kind="worse"), draft(2, thread="i2")])
    first, other = outbox.due(ledger, 1000)
    assert (first.draft.kind, other.draft.thread) == ("opened", "i2")
    outbox.take(ledger, first, until=1060)
    assert [row.id for row in outbox.due(ledger, 1000)] == [other.id]
    outbox.sent(ledger, first)
    assert [row.draft.kind for row in outbox.due(ledger, 1000)] == ["worse", "opened"]


def test_what_was_sent_delayed_or_given_up_is_an_event(ledger):
    outbox.queue(ledger, [draft(1), draft(2, thread="i2", drill="edge-down")])
    first, second = outbox.due(ledger, 1000)
    outbox.retry(ledger, first, "busy", 1001)
    outbox.sent(ledger, second)
    outbox.give_up(ledger, first, "gone", draft(1, channel="pager"))
    told = [(event.kind, event.subject, event.data.get("why")) for event in ledger.events()]
    assert told == [
        ("message.delayed", "team", "busy"),
        ("message.sent", "team", None),
        ("message.failed", "team", "gone"),
    ]
    assert ledger.events()[1].data["drill"] == "edge-down"
    assert waiting(ledger) == [("pager", "opened")]


def test_what_was_told_is_known_by_thread(ledger):
    outbox.queue(ledger, [draft(1, 2, thread="s1"), draft(3, thread="i3")])
    told = outbox.told(ledger, [1])
    assert [(one.incident, one.kind, one.channel, one.state) for one in told] == [
        (1, "opened", "team", "waiting"),
        (2, "opened", "team", "waiting"),
    ]
    assert outbox.told(ledger, []) == []


def test_an_end_is_owed_until_it_is_told(ledger):
    for number in (1, 2):
        ended = Incident(0, 900.0, 1000.0, Severity.WARNING, "Off", "", None, "", {})
        assert incidents.put(ledger, ended).id == number
    outbox.queue(ledger, [draft(1), draft(1, channel="pager"), draft(1, kind="resolved")])
    assert outbox.owed(ledger, 1000) == [1]
    outbox.queue(ledger, [draft(1, channel="pager", kind="resolved")])
    assert outbox.owed(ledger, 1000) == []
    outbox.queue(ledger, [draft(1, kind="again", step=1)])
    assert outbox.owed(ledger, 1000) == [1]
    assert outbox.owed(ledger, 1001) == []


def test_what_waits_for_long_is_known(ledger, clock):
    outbox.queue(ledger, [draft(1)])
    assert not outbox.waits(ledger, Severity.WARNING, 1000)
    assert outbox.waits(ledger, Severity.WARNING, 1001)
    assert not outbox.waits(ledger, Severity.CRITICAL, 1001)


def test_a_silence_holds_until_its_end(ledger):
    number = silences.add(ledger, "cluster=a", 1600, reason="works", by="anna")
    (known,) = silences.holding(ledger, 1599)
    assert (known.id, known.matcher, known.reason, known.by) == (number, "cluster=a", "works", "anna")
    assert silences.holding(ledger, 1600) == []
    assert not known.holds(1600)


def test_a_silence_is_ended_once(ledger, clock):
    number = silences.add(ledger, "*", 1600, reason="works", by="anna")
    clock[0] = 1100.0
    silences.end(ledger, number, by="bob")
    assert silences.holding(ledger, 1100) == []
    assert silences.last(ledger, 5)[0].ended == 1100
    for gone in (number, 99):
        with pytest.raises(PorticoError, match=f"there is no silence {gone} that holds"):
            silences.end(ledger, gone, by="bob")
    assert [event.kind for event in ledger.events()] == ["silence.added", "silence.ended"]
