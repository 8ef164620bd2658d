"""From visits to what three of four of them were not worse than; and whether that is good."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.config.watching import Watch
from portico.model import Severity
from portico.watch import signal
from portico.watch.alerts.judge import Judge
from portico.watch.alerts.table import ALERTS
from portico.watch.collect import vitals as collect
from portico.watch.collect.histogram import edge_of
from portico.watch.recent import Recent
from portico.watch.series.read import Reader
from portico.watch.series.store import Store
from portico.watch.view import View
from portico.watch.visitors import quartile, standing
from portico.watch.visitors.quartile import Buckets
from portico.watch.visitors.vitals import BY_NAME, LARGEST, SHIFT, VITALS, Rating

NOW = 1_800_000_000.0


def counted(values, bounds=LARGEST.bounds) -> Buckets:
    return Buckets({bound: sum(value <= bound for value in values) for bound in (*bounds, float("inf"))})


@pytest.mark.parametrize("vital", VITALS, ids=lambda vital: vital.name)
def test_the_thresholds_are_buckets_so_that_good_is_exact(vital):
    assert {vital.good, vital.poor} <= set(vital.bounds)
    assert list(vital.bounds) == sorted(vital.bounds)
    assert vital.rating(vital.good) is Rating.GOOD
    assert vital.rating(vital.good + 0.001) is Rating.FAIR
    assert vital.rating(vital.poor + 0.001) is Rating.POOR
    assert vital.rating(None) is Rating.UNKNOWN


@given(st.lists(st.floats(0, 7.9), min_size=1, max_size=200))
def test_the_quartile_lies_in_the_bucket_of_the_real_one(values):
    real = sorted(values)[-(-3 * len(values) // 4) - 1]
    found = quartile.of(counted(values))
    edges = (0.0, *LARGEST.bounds)
    low, high = next((low, high) for low, high in itertools.pairwise(edges) if real <= high)
    assert low <= found <= high


def test_few_visits_say_nothing():
    assert quartile.of(counted([1.0] * 99), least=100) is None
    assert quartile.of(counted([1.0] * 100), least=100) is not None
    assert quartile.of(Buckets()) is None


def test_beyond_the_last_bound_the_bound_is_told():
    assert quartile.of(counted([50.0] * 10)) == LARGEST.bounds[-1]


def test_shares_add_up_to_all_visits():
    shares = counted([0.5, 2.0, 3.0, 9.0]).shares((LARGEST.good, LARGEST.poor))
    assert shares == [0.5, 0.25, 0.25]
    assert Buckets().shares((1.0,)) == []


def test_kinds_and_devices_are_added_up():
    tallies = {
        ("lcp", "phone", "home"): counted([1.0, 3.0]),
        ("lcp", "phone", "page"): counted([5.0]),
        ("lcp", "desktop", "home"): counted([1.0]),
        ("inp", "phone", "home"): counted([0.1]),
    }
    assert quartile.over(tallies, vital="lcp", device="phone").visits == 3
    assert quartile.over(tallies, vital="lcp", kind="home").visits == 3
    assert quartile.over(tallies, vital="cls").visits == 0


def test_a_day_and_four_weeks_are_read_from_the_series(tmp_path: Path):
    store = Store(tmp_path, Watch(), lambda: NOW)
    for at, values in ((NOW - 10 * standing.DAY_S, [6.0] * 8), (NOW - 3600, [1.0] * 8)):
        buckets = counted(values)
        labels = {"device": "phone", "kind": "home"}
        keys = {
            signal.of(f"{LARGEST.metric.name}_bucket", 0, **labels, le=edge_of(bound)).key: visits
            for bound, visits in buckets.up_to.items()
        }
        store.append(at, keys)
    store.close()
    known = standing.read(Reader(tmp_path), None, NOW)
    where = ("lcp", "phone", "home")
    assert known.day[where].visits == 8
    assert known.month[where].visits == 16
    assert quartile.of(known.day[where]) <= 1.0 < LARGEST.poor < quartile.of(known.month[where])
    assert standing.of_json(json.loads(json.dumps(known.as_json()))) == known


def test_it_is_read_again_after_a_while_and_the_four_weeks_more_seldom(tmp_path: Path):
    reader = Reader(tmp_path)
    first = standing.read(reader, None, NOW)
    soon, later = NOW + standing.DAY_EVERY_S, NOW + standing.MONTH_EVERY_S
    assert not standing.is_due(first, soon - 1)
    assert standing.is_due(first, soon)
    second = standing.read(reader, first, soon)
    assert (second.day_at, second.month_at) == (soon, NOW)
    assert standing.read(reader, second, later).month_at == later


def found(values: dict[str, list[float]], least: int = 100) -> dict[str, Severity]:
    """What the alert tells of a day in which phones measured these."""
    tallies = {(name, "phone", "home"): counted(of, BY_NAME[name].bounds) for name, of in values.items()}
    recent = Recent()
    recent.add(NOW, {one.key: one.value for one in collect.quartiles(tallies, least)})
    judge = Judge({"visitors-slow": ALERTS["visitors-slow"]})
    return {key: finding.severity for key, finding in judge.findings(View(NOW, recent)).items()}


def test_a_quartile_that_is_not_good_is_a_note_and_a_poor_one_a_warning():
    assert found({"lcp": [2.4] * 200}) == {}
    assert found({"lcp": [3.0] * 200}) == {"visitors-slow:lcp-phone": Severity.INFO}
    assert found({"cls": [SHIFT.poor + 0.1] * 200}) == {"visitors-slow:cls-phone": Severity.WARNING}
    assert found({"lcp": [20.0] * 99}) == {}


def test_whatever_browsers_say_nobody_is_woken():
    said = {vital.name: [random.uniform(0, 60) for _ in range(500)] for vital in VITALS}
    assert Severity.CRITICAL not in found(said).values()
