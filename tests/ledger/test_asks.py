"""Questions in the ledger: asked once, answered once, void in time."""

import threading

import pytest

from portico.kit.errors import PorticoError
from portico.ledger import asks
from portico.ledger.ledger import Ledger

QUESTION = asks.Question("fail-over", "drain", {"cluster": "a"}, "probe:a@1", "Drain cluster a.", 7)


@pytest.fixture
def clock():
    return [1000.0]


@pytest.fixture
def ledger(open_ledger, clock):
    return open_ledger(now=lambda: clock[0])


def test_a_cause_is_asked_about_once(ledger):
    assert asks.create(ledger, QUESTION, 2000) == 1
    assert asks.create(ledger, QUESTION, 2000) is None
    assert [ask.question for ask in asks.waiting(ledger)] == [QUESTION]
    assert len(ledger.events(kind="ask.opened")) == 1


def test_a_yes_gives_the_order_in_the_persons_name(ledger):
    asks.create(ledger, QUESTION, 2000)
    order = ledger.get_order(asks.decide(ledger, 1, True, "ada"))
    assert (order.kind, order.args, order.by) == ("drain", {"cluster": "a", "ask": 1}, "ada")
    assert ledger.events(kind="ask.approved")[0].data == {"ask": 1, "by": "ada", "order": order.id}


def test_a_link_that_is_tapped_twice_orders_once(ledger):
    asks.create(ledger, QUESTION, 2000)
    assert asks.decide(ledger, 1, True, "ada") == asks.decide(ledger, 1, True, "bob") == 1
    assert len(ledger.open_orders()) == 1


def test_two_who_answer_at_the_same_moment_give_one_order(ledger, path):
    asks.create(ledger, QUESTION, 2000)
    ready = threading.Barrier(2)
    got = []

    def tap(name):
        mine = Ledger(path, now=lambda: 1000.0)
        ready.wait()
        got.append(asks.decide(mine, 1, True, name))
        mine.close()

    tapping = [threading.Thread(target=tap, args=(name,)) for name in ("ada", "bob")]
    for one in tapping:
        one.start()
    for one in tapping:
        one.join()
    assert got == [1, 1]
    assert len(ledger.open_orders()) == 1


def test_a_no_is_kept_and_a_later_yes_refused(ledger):
    asks.create(ledger, QUESTION, 2000)
    assert asks.decide(ledger, 1, False, "ada") is None
    with pytest.raises(PorticoError, match="refused by ada already"):
        asks.decide(ledger, 1, True, "bob")
    assert ledger.open_orders() == []


def test_an_answer_that_comes_too_late_orders_nothing(ledger, clock):
    asks.create(ledger, QUESTION, 2000)
    clock[0] = 2000.0
    with pytest.raises(PorticoError, match="void"):
        asks.decide(ledger, 1, True, "ada")
    asks.expire(ledger)
    asks.expire(ledger)
    assert asks.get(ledger, 1).state == "expired"
    assert len(ledger.events(kind="ask.expired")) == 1


def test_an_unknown_question_is_told(ledger):
    with pytest.raises(PorticoError, match="there is no question 9"):
        asks.decide(ledger, 9, True, "ada")
