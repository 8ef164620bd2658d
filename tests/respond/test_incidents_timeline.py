"""An incident explained: what happened before, meanwhile and since, in order and in a sentence."""

from __future__ import annotations

import time

import pytest

from portico.ledger import incidents as kept
from portico.ledger.ledger import Ledger
from portico.model import Finding, Severity
from portico.respond.incidents import book, timeline

BEGAN = 1_700_000_000.0


@pytest.fixture
def stack(tmp_path):
    """A ledger whose clock is `stack.now`."""

    class Stack:
        now = BEGAN

        def record(self, seconds: float, kind: str, subject: str = "", **data) -> None:
            self.now = BEGAN + seconds
            self.ledger.record(kind, subject, **data)

        def end(self, seconds: float, affected: int | None = None):
            self.now = BEGAN + seconds
            book.keep(self.ledger, self.now, lambda _start, _end: affected)
            return kept.last(self.ledger, 1)[0]

    made = Stack()
    made.ledger = Ledger(tmp_path / "ledger.db", now=lambda: made.now)
    book.keep(made.ledger, BEGAN)
    yield made
    made.ledger.close()


def clock(at: float) -> str:
    return time.strftime("%M:%S", time.gmtime(at - BEGAN))


def test_the_story_of_a_replica_that_hung_is_one_sentence(stack):
    stack.record(1, "replica.hung", "a2", cluster="a")
    stack.record(1.2, "replica.ejected", "a2", cluster="a")
    stack.record(2, "replica.died", "a2", pid=7, cluster="a")
    stack.record(2.1, "replica.started", "a2", pid=8, cluster="a")
    incident = stack.end(60, affected=0)
    lines = timeline.told(stack.ledger, incident, stack.now)
    assert timeline.story(lines, incident, clock) == (
        "replica a2 stopped answering at 00:01, replica a2 was ejected by the edge at 00:01,"
        " replica a2 died at 00:02, replica a2 was started at 00:02, no visitor affected"
    )


def test_publishes_and_orders_before_it_are_told_and_other_things_are_not(stack):
    stack.record(0, "live", "f" * 64, before=None, order=1)
    stack.now = BEGAN + 10
    stack.ledger.order("drain", {"cluster": "b"}, by="anna")
    stack.record(20, "replica.stopped", "b1", cluster="b")
    stack.record(100, "replica.died", "a1", cluster="a")
    stack.record(101, "replica.started", "a1", cluster="a")
    stack.record(101.5, "replica.started", "b1", cluster="b")
    incident = stack.end(200)
    assert [line.text for line in timeline.told(stack.ledger, incident, stack.now)] == [
        "ffffffffffff went live",
        "order 1, drain b, by anna",
        "replica a1 died",
        "replica a1 was started",
    ]


def test_what_happened_in_the_calm_before_it_came_again_is_another_story(stack):
    gone = Finding("site-unreachable", Severity.CRITICAL, "No answer.")
    for start in (0, 200):
        stack.now = BEGAN + start
        stack.ledger.reconcile_findings({gone.key: gone})
        stack.end(start)
        stack.record(start + 5, "edge.died", "edge", pid=7)
        stack.record(start + 5, "edge.started", "edge", pid=8)
        stack.ledger.reconcile_findings({})
        stack.end(start + 60)
        stack.record(start + 100, "replica.died", "a1", cluster="a")
    incident = kept.get(stack.ledger, 1)
    told = [(line.at - BEGAN, line.text) for line in timeline.told(stack.ledger, incident, stack.now)]
    assert [at for at, text in told if text == "the edge died"] == [5, 205]
    assert not [text for _, text in told if "a1" in text]


def test_its_findings_and_who_took_it_are_told_and_other_findings_are_not(stack):
    down = Finding("cluster-down:a", Severity.CRITICAL, "No replica of cluster a answers.")
    other = Finding("certificate-expiring", Severity.WARNING, "The certificate ends in 9 days.")
    stack.ledger.reconcile_findings({down.key: down, other.key: other})
    book.keep(stack.ledger, stack.now)
    mine = next(one for one in kept.current(stack.ledger) if one.title == down.sentence)
    stack.now = BEGAN + 5
    kept.acknowledge(stack.ledger, mine.id, "anna")
    stack.now = BEGAN + 9
    stack.ledger.reconcile_findings({other.key: other})
    book.keep(stack.ledger, stack.now)
    incident = kept.get(stack.ledger, mine.id)
    lines = timeline.told(stack.ledger, incident, stack.now)
    assert [(line.at - BEGAN, line.text) for line in lines] == [
        (0, "No replica of cluster a answers."),
        (5, "acknowledged by anna"),
        (9, "over: No replica of cluster a answers."),
    ]


@pytest.mark.parametrize(
    ("affected", "told"),
    [
        (None, ""),
        (0, "no visitor affected"),
        (1, "one bad answer to a visitor"),
        (1200, "1,200 bad answers to visitors"),
    ],
)
def test_what_visitors_noticed_is_told_where_it_is_known(stack, affected, told):
    stack.record(1, "edge.died", "edge", pid=7)
    stack.record(1.2, "edge.started", "edge", pid=8)
    assert timeline.harm(stack.end(60, affected=affected)) == told


def test_events_are_found_by_their_time_in_a_long_history(stack):
    for number in range(200):
        stack.record(number, "publish.step", str(number))
    found = kept.events_between(stack.ledger, BEGAN + 50, BEGAN + 60)
    assert [event.subject for event in found] == [str(number) for number in range(50, 61)]
    assert kept.events_between(stack.ledger, BEGAN + 500, BEGAN + 600) == []
    assert len(kept.events_between(stack.ledger, 0, BEGAN + 500)) == 200
