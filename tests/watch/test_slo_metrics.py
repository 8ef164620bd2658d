"""The promises as numbers are those that `portico slo` shows."""

from __future__ import annotations

import pytest

from portico.watch.slo import budget, metrics
from portico.watch.slo.budget import Counted, Promise
from support import collecting

PROMISE = Promise("availability", 0.999, budget.MONTH_S)


def numbers(counted: Counted) -> dict[str, float]:
    found = list(metrics.signals([budget.judge(PROMISE, lambda _seconds: counted, "requests")]))
    collecting.check(found)
    return {one.key: one.value for one in found}


def test_target_share_budget_and_burns_are_told():
    found = numbers(Counted(9_990.0, 10_000.0, budget.MONTH_S))
    assert found['portico_slo_target_ratio{objective="availability"}'] == 0.999
    assert found['portico_slo_measured_ratio{objective="availability"}'] == 0.999
    assert found['portico_slo_budget_left_ratio{objective="availability"}'] == pytest.approx(0)
    for window in ("300s", "1800s", "3600s", "21600s", "259200s"):
        assert found[f'portico_slo_burn{{objective="availability",window="{window}"}}'] == pytest.approx(1)
        assert found[f'portico_slo_bad{{objective="availability",window="{window}"}}'] == 10


def test_before_anything_was_counted_there_is_no_share():
    found = numbers(Counted())
    assert 'portico_slo_measured_ratio{objective="availability"}' not in found
    assert found['portico_slo_budget_left_ratio{objective="availability"}'] == 1


def test_an_end_of_the_budget_is_told_only_where_there_is_one():
    lasting, ending = Counted(10_000.0, 10_000.0, budget.MONTH_S), Counted(9_000.0, 10_000.0, budget.MONTH_S)
    key = 'portico_slo_exhausted_in_seconds{objective="availability"}'
    assert key not in numbers(lasting)
    assert numbers(ending)[key] == 0
