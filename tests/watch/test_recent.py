"""The last minutes: what came, by metric and labels, and what a rule is told of them."""

import pytest

from portico.watch import signal
from portico.watch.increases import Increases
from portico.watch.recent import Recent
from portico.watch.view import View

A, B = 'answers_total{cluster="a"}', 'answers_total{cluster="b"}'


@pytest.fixture
def recent():
    found = Recent(keep_s=60)
    for second in range(0, 100, 5):
        found.add(second, {A: 2.0, B: 3.0, "load": float(second)})
    return found


def totals(*values):
    increases = Increases({"answers_total"})
    return [increases.of([signal.of("answers_total", value)]) for value in values]


def test_a_counter_seen_first_counts_nothing_yet():
    assert totals(70) == [{}]


def test_a_counter_gives_what_came_since():
    assert totals(70, 75, 75)[1:] == [{"answers_total": 5.0}, {"answers_total": 0.0}]


def test_a_counter_that_began_anew_gives_what_it_counted_since():
    assert totals(70, 3)[1] == {"answers_total": 3.0}


def test_a_gauge_is_what_it_is():
    assert Increases({"answers_total"}).of([signal.of("load", 4)]) == {"load": 4.0}


def test_what_is_older_than_kept_is_forgotten(recent):
    assert recent.points("load")[0] == (35, 35.0)


def test_a_total_adds_the_series_that_match(recent):
    view = View(95, recent)
    assert view.total("answers_total", 10) == 3 * (2.0 + 3.0)
    assert view.total("answers_total", 10, cluster="b") == 9.0


def test_a_rule_is_told_the_latest_of_each_series(recent):
    assert sorted(View(95, recent).each("answers_total"), key=str) == [
        ({"cluster": "a"}, 2.0),
        ({"cluster": "b"}, 3.0),
    ]


def test_a_number_that_is_old_says_nothing_about_now(recent):
    assert View(95 + 61, recent).value("load") is None


def test_the_mean_is_of_the_last_seconds(recent):
    assert View(95, recent).mean("load", 10) == 90.0
    assert View(95, recent).mean("unknown", 10) is None


def test_what_is_pretended_hides_the_real_series_of_its_metric_only(recent):
    pretended = View(95, recent.pretending({A: [(94, 100.0)]}))
    assert list(pretended.each("answers_total")) == [({"cluster": "a"}, 100.0)]
    assert pretended.value("load") == 95.0
    assert View(95, recent).total("answers_total", 0) == 5.0


def test_what_a_clock_that_was_set_back_has_yet_to_reach_is_forgotten(recent):
    recent.add(40, {A: 2.0, "load": 7.0})
    assert recent.points("load") == [(at, float(at)) for at in (35, 40)] + [(40, 7.0)]
    assert View(40, recent).total("answers_total", 5, cluster="a") == 3 * 2.0
