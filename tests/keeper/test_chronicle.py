"""When the edge lets go of a replica by itself, the ledger tells it, once."""

import pytest

from portico.keeper.chronicle import Chronicle
from portico.keeper.world import EdgeSeen, ReplicaSeen, ServerSeen, World
from portico.ledger.ledger import Ledger


@pytest.fixture
def ledger(tmp_path):
    opened = Ledger(tmp_path / "ledger.db")
    yield opened
    opened.close()


@pytest.fixture
def look(ledger):
    chronicle = Chronicle(ledger)

    def one(*, up=True, admin="ready", answers=True):
        servers = {"a2": ServerSeen(up, admin), "b1": ServerSeen(up=True, admin="ready")}
        replicas = {"a2": ReplicaSeen("a2", "a", 7, alive=True, answered=True)}
        chronicle.note(World(0.0, replicas, EdgeSeen(1, alive=True, servers=servers if answers else None)))

    return one


def told(ledger):
    return [(event.kind, event.subject, event.data.get("cluster")) for event in ledger.events()]


def test_a_replica_that_fails_its_checks_is_ejected_once_and_serves_again_once(ledger, look):
    for up in (True, True, False, False, False, True, True):
        look(up=up)
    assert told(ledger) == [("replica.ejected", "a2", "a"), ("replica.serves", "a2", "a")]


def test_one_that_was_taken_out_on_purpose_is_not_ejected(ledger, look):
    for up, admin in ((True, "ready"), (True, "drain"), (False, "maint"), (False, "ready"), (True, "ready")):
        look(up=up, admin=admin)
    assert told(ledger) == []


def test_one_that_never_served_is_not_ejected(ledger, look):
    for up in (False, False, True):
        look(up=up)
    assert told(ledger) == []


def test_an_edge_that_does_not_answer_tells_nothing(ledger, look):
    look()
    look(answers=False)
    look(up=False)
    assert told(ledger) == []
