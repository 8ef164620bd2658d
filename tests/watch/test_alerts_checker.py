"""If every check fails at once, the checker is wrong."""

from __future__ import annotations

from portico.watch import signal
from portico.watch.alerts import checker
from portico.watch.recent import Recent
from portico.watch.view import View

(ALERT,) = checker.ALERTS


def fires(*, answers: dict[str, float], looks: dict[str, str]) -> bool:
    recent = Recent()
    for ago in (10, 5, 0):
        for code, count in answers.items():
            key = signal.of("portico_edge_responses_total", 0, door="https", code=code).key
            recent.add(1000 - ago, {key: count})
        for target, result in looks.items():
            key = signal.of("portico_probe_looks_total", 0, place="here", target=target, result=result).key
            recent.add(1000 - ago, {key: 2})
    troubles = list(ALERT.rule(View(1000, recent)))
    assert all(trouble.data["hands_off"] for trouble in troubles)
    return bool(troubles)


DEAD = dict.fromkeys(["edge", "a", "b", "mirror"], "unreachable")


def test_looks_that_all_fail_while_visitors_are_answered_are_wrong():
    assert fires(answers={"2xx": 100, "5xx": 0}, looks=DEAD)


def test_a_name_that_still_resolves_doesnt_make_them_right():
    assert fires(answers={"2xx": 100}, looks={**DEAD, "dns": "right"})


def test_one_look_that_succeeds_makes_the_others_right():
    assert not fires(answers={"2xx": 100}, looks={**DEAD, "b": "right"})


def test_a_page_that_is_not_ours_was_seen_and_is_no_failed_look():
    assert not fires(answers={"2xx": 100}, looks={**DEAD, "edge": "defaced"})


def test_when_visitors_suffer_too_the_looks_are_right():
    assert not fires(answers={"2xx": 50, "5xx": 50}, looks=DEAD)
    assert not fires(answers={"2xx": 0}, looks=DEAD)


def test_a_single_target_proves_nothing():
    assert not fires(answers={"2xx": 100}, looks={"edge": "unreachable"})
