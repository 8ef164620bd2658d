from __future__ import annotations

import pytest

from portico.watch.answer import What
from portico.watch.probes import quorum, report
from portico.watch.probes.looks import Outcome
from portico.watch.probes.quorum import Rule
from portico.watch.probes.report import EDGE, PLACE, Report

NOW = 1000.0
BAD, GOOD = What.UNREACHABLE, What.RIGHT


def seen(place: str, what: What = GOOD, *, fails: int = 3, target: str = EDGE, age: float = 1.0) -> Report:
    fails = 0 if what is GOOD else fails
    return Report(place, target, what, f"{target} is {what}.", NOW - age, NOW - 60, fails)


def settle(*reports: Report, agree: int = 1, expected: tuple[str, ...] = ()) -> list[Report]:
    return quorum.settled(reports, Rule(3, agree, 15, expected), NOW)


def confirmed(*reports: Report, agree: int = 1) -> set[str]:
    return {one.target for one in settle(*reports, agree=agree) if one.confirmed and one.target != PLACE}


def silent(*reports: Report, expected: tuple[str, ...] = ()) -> set[str]:
    return {one.place for one in settle(*reports, expected=expected) if one.target == PLACE}


@pytest.mark.parametrize(("fails", "counts"), [(1, False), (2, False), (3, True), (9, True)])
def test_so_many_looks_in_a_row_must_fail(fails: int, counts: bool):
    assert (EDGE in confirmed(seen("here", BAD, fails=fails))) is counts


def test_enough_places_must_agree():
    one = [seen("here"), seen("paris", What.ERROR), seen("oslo")]
    two = [seen("here"), seen("paris", What.ERROR), seen("oslo", What.STALE), seen("rome")]
    assert confirmed(*one, agree=1) == {EDGE}
    assert confirmed(*one, agree=2) == set()
    assert confirmed(*two, agree=2) == {EDGE}


def test_those_who_agree_are_named():
    told = settle(seen("here", What.ERROR), seen("paris", What.DEFACED), seen("oslo"), agree=2)
    assert {one.agreeing for one in told if one.confirmed} == {("here", "paris")}


def test_where_fewer_places_look_than_must_agree_all_of_them_must():
    assert confirmed(seen("here", BAD, target="a"), seen("here"), seen("paris"), agree=2) == {"a"}


def test_an_old_report_counts_no_more():
    assert confirmed(seen("here"), seen("paris", What.ERROR, age=60)) == set()


def test_a_place_that_sees_nothing_of_anything_is_told_and_not_counted():
    lonely = [seen("here"), seen("oslo"), seen("paris", BAD), seen("paris", What.UNRESOLVED, target="dns")]
    assert silent(*lonely) == {"paris"}
    assert EDGE not in confirmed(*lonely)


def test_the_place_beside_the_site_does_not_outvote_the_only_far_one():
    lonely = [seen("here"), seen("paris", BAD), seen("paris", BAD, target="redirect")]
    assert silent(*lonely) == set()
    assert confirmed(*lonely) == {EDGE, "redirect"}


def test_when_nobody_sees_anything_it_is_the_site():
    assert silent(seen("here", BAD), seen("paris", BAD)) == set()
    assert confirmed(seen("here", BAD), seen("paris", BAD), agree=2) == {EDGE}


def test_two_places_that_see_nothing_are_no_coincidence():
    some = [seen("here"), seen("paris", BAD), seen("oslo", BAD), seen("rome")]
    assert silent(*some) == set()
    assert confirmed(*some, agree=2) == {EDGE}


def test_the_watchers_own_place_may_be_the_blind_one():
    assert silent(seen("here", BAD), seen("paris"), seen("oslo")) == {"here"}


def test_a_place_that_sees_something_wrong_is_not_blind():
    assert silent(seen("here"), seen("oslo"), seen("paris", What.DEFACED)) == set()


def test_an_expected_place_that_does_not_report_is_told_with_since_when():
    told = settle(seen("here"), seen("paris", age=120), expected=("paris", "oslo"))
    sentences = {one.place: one.sentence for one in told if one.target == PLACE}
    assert sentences == {
        "paris": "The place paris doesn't report since 120 s.",
        "oslo": "The place oslo doesn't report.",
    }
    assert all(one.confirmed for one in told if one.target == PLACE)


def test_a_report_counts_failures_in_a_row_and_remembers_the_last_good_look():
    one = report.first("here", EDGE, Outcome(GOOD, ""), 10)
    for at in (12, 14):
        one = report.following(one, Outcome(BAD, "gone"), at)
    assert (one.fails, one.since, one.good_at) == (2, 12, 10)
    unknown = report.following(one, Outcome(What.UNKNOWN, "no store"), 16)
    assert (unknown.fails, unknown.since) == (2, 12)
    good = report.following(unknown, Outcome(GOOD, ""), 18)
    assert (good.fails, good.since, good.good_at) == (0, 18, 18)
