"""What drills broke is told apart from what broke by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portico.board import board, mended, practices
from portico.board.cell import Cell
from portico.board.past import Past
from portico.model import Event
from support import consoles


def event(seq: int, at: float, kind: str, subject: str = "replica", **data: object) -> Event:
    return Event(seq, at, kind, subject, data, "")


DRILLED = (event(1, 100.0, "drill.began", until=200.0), event(2, 120.0, "drill.ended"))
DEATH, BACK = event(3, 110.0, "replica.died", "a1"), event(4, 111.0, "replica.started", "a1")
REAL, REAL_BACK = event(5, 130.0, "replica.died", "b1"), event(6, 131.0, "replica.started", "b1")


def fault_tolerance(past: Past) -> Cell:
    told = board.of(replace(consoles.seen(), past=past))
    return next(cell for row in told.rows for cell in row if cell.promise == "Fault tolerance")


@pytest.mark.parametrize(("at", "held"), [(99.0, False), (100.0, True), (120.0, True), (121.0, False)])
def test_a_drill_holds_from_its_beginning_to_its_end(at: float, held: bool):
    assert practices.of(DRILLED).held(at) is held


def test_a_drill_that_was_killed_lasted_as_long_as_it_might():
    found = practices.of([DRILLED[0], event(7, 900.0, "drill.began", until=990.0)])
    assert found.held(199.0)
    assert not found.held(201.0)


def test_an_alerts_fixture_breaks_nothing():
    fixture = event(1, 100.0, "drill.began", until=200.0, live=False), DRILLED[1]
    assert not practices.of(fixture).held(110.0)


def test_deaths_in_drills_are_counted_beside_those_of_the_month():
    drill = event(9, 120.0, "drill", result="passed", sent=10, failed=0, heal_s=1.0)
    past = Past(
        drills=(drill,), practices=practices.of(DRILLED), deaths=(DEATH, REAL), starts=(BACK, REAL_BACK)
    )
    more = fault_tolerance(past).more
    assert more.endswith("1 process died this month and 1 in drills, all came back by themselves")
    calm = fault_tolerance(replace(past, deaths=(DEATH,))).more
    assert calm.endswith("0 processes died this month and 1 in drills, all came back by themselves")


def test_what_a_drill_killed_is_a_line_of_its_own_that_says_so():
    past = Past(practices=practices.of(DRILLED), deaths=(DEATH, REAL), starts=(BACK, REAL_BACK))
    told = [(one.what, one.practice) for one in mended.of(past)]
    assert told == [("b1 died or hung", False), ("a1 died or hung", True)]


def test_what_a_drill_killed_for_good_is_not_back_yet():
    past = Past(practices=practices.of(DRILLED), deaths=(DEATH,))
    assert past.gone == ("a1",)


def test_of_a_month_on_paper_only_the_replica_that_died_by_itself_counts():
    past = consoles.seen().past
    assert [death.subject for death in past.real(past.deaths)] == ["a1"]
    assert {death.subject for death in past.practised(past.deaths)} == {"b1"}
