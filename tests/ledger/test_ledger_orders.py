"""Orders: given once, taken once, ended once, and each is in the chain."""

import threading

import pytest

from portico.kit.errors import PorticoError


def kinds(ledger):
    return [event.kind for event in ledger.events()]


def test_an_order_waits_until_it_is_taken(ledger):
    number = ledger.order("drain", {"cluster": "a"}, by="me")
    (order,) = ledger.open_orders()
    assert (order.id, order.kind, order.args, order.by, order.state) == (
        number,
        "drain",
        {"cluster": "a"},
        "me",
        "waiting",
    )


def test_an_order_is_taken_by_one_of_two(ledger, open_ledger):
    other = open_ledger()
    ledger.order("restart", {"target": "all"}, by="me")
    (order,) = other.open_orders()
    assert [ledger.take(order), other.take(order)] == [True, False]
    assert kinds(ledger) == ["order.given", "order.taken"]


def test_an_order_is_taken_by_one_of_many_at_the_same_time(ledger, open_ledger):
    ledger.order("restart", {"target": "all"}, by="me")
    (order,) = ledger.open_orders()
    ledgers = [open_ledger() for _ in range(8)]
    taken = []
    threads = [threading.Thread(target=lambda one=one: taken.append(one.take(order))) for one in ledgers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count(True) == 1


def test_a_taken_order_stays_open_for_whoever_goes_on_with_it(ledger, open_ledger):
    number = ledger.order("publish", {"snapshot": "f00"}, by="me")
    ledger.take(ledger.get_order(number))
    ledger.advance(number, {"step": "warm"})
    later = open_ledger()
    assert [order.state for order in later.open_orders()] == ["taken"]
    assert later.progress(number) == {"step": "warm"}


def test_a_settled_order_is_open_no_more_and_says_how_it_ended(ledger):
    number = ledger.order("drain", {"cluster": "a"}, by="me")
    order = ledger.get_order(number)
    ledger.take(order)
    ledger.settle(order, "failed", why="it is the last one", hint="undrain the other")
    assert ledger.open_orders() == []
    assert ledger.get_order(number).state == "failed"
    assert ledger.get_order(number).result == {"why": "it is the last one", "hint": "undrain the other"}
    assert kinds(ledger) == ["order.given", "order.taken", "order.failed"]
    assert ledger.verify().broken is None


def test_orders_are_worked_off_in_the_order_given(ledger):
    numbers = [ledger.order("restart", {"target": target}, by="me") for target in ("a1", "a2", "b1")]
    assert [order.id for order in ledger.open_orders()] == numbers


def test_an_order_that_nobody_gave_is_told(ledger):
    with pytest.raises(PorticoError, match="there is no order 7"):
        ledger.get_order(7)
    assert ledger.progress(7) == {}
