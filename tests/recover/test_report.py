from __future__ import annotations

from dataclasses import replace

import pytest

from portico.recover import report
from portico.recover.notes import Notes
from portico.recover.played import Failure, Fault, Played
from portico.recover.report import Result

CALM = Played(
    started=1000,
    seconds=10,
    rate=100,
    sent=1000,
    answered=1000,
    failed={},
    retried=0,
    p50=1,
    p90=1,
    p99=2,
    p999=3,
    slowest=4,
    lag_p99=0.3,
)


def healed() -> Notes:
    return Notes(struck_at=1004, told="kill -9 a1", ejected_at=1004.25, healed_at=1005)


def test_a_drill_that_nobody_noticed_has_passed():
    judged = report.judge("replica", 10, healed(), CALM)
    assert judged.result is Result.PASSED
    assert (judged.eject_s, judged.heal_s) == (0.25, 1)
    assert judged.data["result"] == "passed"


def test_one_failed_request_fails_the_drill():
    played = replace(CALM, failed={"status": 1}, faults=(Fault(4, Failure.STATUS, "answered 503"),))
    judged = report.judge("replica", 10, healed(), played)
    assert judged.result is Result.FAILED
    assert judged.why == "1 requests failed: status"


def test_what_has_not_healed_fails_the_drill():
    judged = report.judge("replica", 10, replace(healed(), healed_at=None), CALM)
    assert judged.result is Result.FAILED
    assert "not healed within 10 s" in judged.why


def test_a_broken_promise_fails_the_drill_and_is_told_once():
    judged = report.judge("keeper", 10, replace(healed(), wrong=["it restarted a1"] * 3), CALM)
    assert judged.result is Result.FAILED
    assert judged.why == "it restarted a1"


def test_a_void_run_is_void_and_never_passed_nor_failed():
    played = replace(CALM, void="the player itself lagged 80 ms", failed={"timeout": 3})
    assert report.judge("replica", 10, healed(), played).result is Result.VOID


@pytest.mark.parametrize(
    ("at", "failure", "cut"),
    [
        (4.0, Failure.RESET, 1),
        (4.0, Failure.SHORT, 1),
        (4.0, Failure.STATUS, 0),
        (4.3, Failure.RESET, 0),
        (2.9, Failure.RESET, 0),
    ],
)
def test_only_what_was_on_a_killed_connection_at_that_moment_is_cut(at: float, failure: Failure, cut: int):
    played = replace(CALM, failed={failure: 1}, faults=(Fault(at, failure, "closed"),))
    judged = report.judge("edge", 10, replace(healed(), cuts=[1004.1]), played)
    assert judged.cut == cut
    assert (judged.result is Result.PASSED) == bool(cut)


def test_without_a_killed_connection_nothing_is_cut():
    played = replace(CALM, failed={"reset": 1}, faults=(Fault(4, Failure.RESET, "closed"),))
    assert report.judge("replica", 10, healed(), played).result is Result.FAILED
