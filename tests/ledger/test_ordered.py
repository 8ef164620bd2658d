from __future__ import annotations

import pytest

from portico.ledger import ordered
from portico.ledger.ledger import Ledger


@pytest.fixture
def ledger(tmp_path):
    made = Ledger(tmp_path / "ledger.db")
    yield made
    made.close()


def test_the_newest_orders_come_first_and_may_be_of_some_kinds_only(ledger):
    for kind in ("publish", "drain", "rollback"):
        ledger.order(kind, {}, by="ada")
    assert [order.kind for order in ordered.last(ledger, 2)] == ["rollback", "drain"]
    assert [order.kind for order in ordered.last(ledger, 9, ("publish", "rollback"))] == [
        "rollback",
        "publish",
    ]


def test_an_orders_story_is_its_own_from_its_beginning_to_its_end(ledger):
    one, other = (ledger.get_order(ledger.order("publish", {}, by="ada")) for _ in range(2))
    ledger.take(one)
    ledger.record("publish.step", "s", order=one.id, step="check")
    ledger.record("publish.step", "s", order=other.id, step="check")
    ledger.record("replica.started", "a1")
    assert [event.kind for event in ordered.story(ledger, one)] == [
        "order.given",
        "order.taken",
        "publish.step",
    ]
    ledger.settle(one, "done")
    ledger.record("later", "", order=one.id)
    ended = ordered.story(ledger, ledger.get_order(one.id))
    assert [event.kind for event in ended][-1] == "order.done"
