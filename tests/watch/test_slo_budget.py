"""Error budgets by the SRE workbook, on good and total alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.watch.slo import budget, words
from portico.watch.slo.budget import Counted, Promise

DAY, HOUR, MINUTE = 86400.0, 3600.0, 60.0
PROMISE = Promise("availability", 0.9995, 30 * DAY)


def traffic(rate: float, *outages: tuple[float, float, float], history_s: float = 30 * DAY):
    """`rate` a second for ever; in each outage, from and to so many seconds ago, this share is bad."""

    def count(seconds: float) -> Counted:
        measured = min(seconds, history_s)
        bad = sum(max(0.0, min(start, seconds) - end) * rate * share for start, end, share in outages)
        return Counted(measured * rate - bad, measured * rate, measured)

    return count


def judged(count) -> budget.State:
    return budget.judge(PROMISE, count)


def test_the_windows_of_a_month_are_the_workbooks():
    assert [(w.long_s, w.short_s, w.rate, w.page) for w in budget.windows(30 * DAY)] == [
        (HOUR, 5 * MINUTE, 14.4, True),
        (6 * HOUR, 30 * MINUTE, 6.0, True),
        (3 * DAY, 6 * HOUR, 1.0, False),
    ]


@pytest.mark.parametrize("days", [1, 7, 28, 30, 90])
def test_the_windows_of_any_promise_spend_the_same_share_of_the_budget(days: float):
    spent = [window.rate * window.long_s / (days * DAY) for window in budget.windows(days * DAY)]
    assert spent == pytest.approx([0.02, 0.05, 0.10])


def test_a_perfect_record_leaves_the_whole_budget_and_lasts():
    state = judged(traffic(10))
    assert (state.left, state.firing, state.exhausted_in_s) == (1.0, "", None)
    assert words.forecast(state) == "the budget lasts"


def test_a_whole_outage_fires_within_half_a_minute():
    assert judged(traffic(10, (30, 0, 1.0))).firing == "fast"


def test_a_slow_leak_is_told_slowly():
    leak = traffic(10, (3 * DAY, 0, 0.0005 * 1.2))
    assert judged(leak).firing == "slow"


def test_an_outage_that_is_over_pages_no_more():
    assert judged(traffic(10, (32 * MINUTE, 31 * MINUTE, 1.0))).firing == ""
    assert judged(traffic(10, (40 * MINUTE, 31 * MINUTE, 1.0))).firing == "slow"


def test_one_bad_request_at_night_pages_nobody():
    night = {length: Counted(4, 5, length) for length in (HOUR, 5 * MINUTE, 6 * HOUR, 30 * MINUTE, 3 * DAY)}
    state = judged(lambda seconds: night.get(seconds, Counted(99_999, 100_000, seconds)))
    assert state.burn > 100
    assert state.firing == ""


def test_a_fresh_stack_with_one_failed_look_has_nearly_its_whole_budget():
    young = judged(traffic(0.5, (2, 0, 1.0), history_s=60))
    assert 0.99 < young.left < 1
    assert young.firing == ""


def test_a_fresh_stack_that_fails_whole_is_told_at_once():
    assert judged(traffic(1, (60, 0, 1.0), history_s=60)).firing == "fast"


def test_the_time_when_nothing_was_measured_was_not_bad():
    assert judged(lambda _seconds: Counted(50, 100, 60)).left > 0.9


def test_nothing_measured_is_said_so():
    assert words.forecast(judged(lambda _seconds: Counted())) == "nothing was measured yet"
    assert judged(lambda _seconds: Counted()).measured is None


def test_nothing_is_foretold_of_what_was_measured_for_less_than_a_day():
    young = judged(traffic(1, (0, 0, 0.0), history_s=20 * MINUTE))
    assert (young.measured_s, young.whole) == (20 * MINUTE, False)
    assert words.forecast(young) == "measured for 20 min so far"
    assert words.forecast(judged(traffic(1, (0, 0, 0.0), history_s=2 * DAY))) == "the budget lasts"
    assert judged(traffic(1, (0, 0, 0.0))).whole


def test_the_forecast_tells_when_the_budget_is_gone():
    state = judged(traffic(10, (HOUR, 0, 0.0005 * 10)))
    assert state.burn == pytest.approx(10)
    assert state.exhausted_in_s == pytest.approx(state.left * 3 * DAY)
    assert words.forecast(state) == "exhausted in 3 d at this burn"


def test_an_overspent_budget_is_exhausted():
    state = judged(traffic(10, (10 * DAY, 9 * DAY, 0.5)))
    assert state.left < 0
    assert words.forecast(state) == "the budget is exhausted"


counts = st.builds(
    lambda one, two, seconds: Counted(min(one, two), max(one, two), seconds),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.floats(0, 90 * DAY),
)


@given(st.dictionaries(st.sampled_from([60.0, 300.0, HOUR]), counts), counts)
def test_any_counts_give_a_state_that_makes_sense(some, otherwise):
    state = judged(lambda seconds: some.get(seconds, otherwise))
    assert state.left <= 1
    assert all(rate >= 0 for rate in state.burns.values())
    assert (state.exhausted_in_s == 0) == (state.left <= 0)
    assert words.sentence(state)


@given(counts, st.integers(1, 1000))
def test_more_bad_ones_never_leave_more(counted, more):
    worse = Counted(counted.good, counted.total + more, counted.measured_s)
    assert judged(lambda _: worse).left <= judged(lambda _: counted).left


def test_the_worst_of_what_is_measured_counts():
    good, bad = judged(traffic(1000)), judged(traffic(0.5, (60, 0, 1.0)))
    assert budget.worst([good, bad]) is bad
