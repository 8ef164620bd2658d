from pathlib import Path

import pytest

from portico.watch.series import chart
from portico.watch.series.chart import Row
from portico.watch.series.read import Reader
from portico.watch.series.shelf import Tier
from support.seriesfolder import BEGIN, filled

DAY = 86400.0


@pytest.mark.parametrize(
    ("seconds", "points", "step"),
    [(600, 300, 2), (6 * 3600, 300, 120), (DAY, 300, 300), (30 * DAY, 720, 3600), (400 * DAY, 300, 2 * DAY)],
)
def test_the_step_is_a_round_one_that_gives_no_more_points_than_asked(seconds, points, step):
    assert chart.step_for(seconds, points) == step


def test_the_longest_rows_that_fit_are_read_and_longer_ones_where_those_do_not_reach_back():
    oldest = {Tier.RAW: BEGIN - 3 * DAY, Tier.MINUTE: BEGIN - 35 * DAY, Tier.HOUR: BEGIN - 400 * DAY}
    assert chart.tier_for(5, BEGIN - 600, oldest) is Tier.RAW
    assert chart.tier_for(5, BEGIN - 4 * DAY, oldest) is Tier.MINUTE
    assert chart.tier_for(5, BEGIN - 40 * DAY, oldest) is Tier.HOUR
    assert chart.tier_for(120, BEGIN - 600, oldest) is Tier.MINUTE
    assert chart.tier_for(7200, BEGIN - 600, oldest) is Tier.HOUR
    assert chart.tier_for(5, BEGIN - 1000 * DAY, oldest) is Tier.HOUR
    assert chart.tier_for(5, BEGIN, {}) is Tier.RAW


def test_a_counters_increase_is_exact_in_every_step(tmp_path: Path):
    samples = {"x_total": {BEGIN + at: float(at % 97) for at in range(0, 5 * 3600, 5)}}
    filled(tmp_path, samples)
    for points in (10**6, 300, 30, 1):
        rows = Reader(tmp_path).query("x_total", BEGIN, BEGIN + 5 * 3600, points).rows
        assert sum(row.sum for row in rows) == sum(samples["x_total"].values())
        assert max(row.maximum for row in rows) == 96
        assert min(row.minimum for row in rows) == 0


def test_a_gap_in_time_is_a_gap_in_the_chart(tmp_path: Path):
    moments = [*range(0, 3600, 5), *range(7200, 10800, 5)]
    filled(tmp_path, {"x": {BEGIN + at: 1.0 for at in moments}})
    for points in (10**6, 200, 100):
        found = Reader(tmp_path).query("x", BEGIN, BEGIN + 10800, points)
        before, after = found.lines()
        assert before[-1].at < BEGIN + 3600
        assert after[0].at == BEGIN + 7200


def test_rare_samples_make_one_line_and_no_gaps(tmp_path: Path):
    rare, often = (dict.fromkeys(range(int(BEGIN), int(BEGIN) + 7200, step), 1.0) for step in (300, 10))
    filled(tmp_path, {"rare": rare, "often": often})
    for points in (120, 7200):
        found = Reader(tmp_path).query("rare", BEGIN, BEGIN + 7200, points)
        assert (found.apart, len(found.rows), len(found.lines())) == (300, 24, 1)


def test_jitter_in_the_moments_of_samples_makes_no_gaps(tmp_path: Path):
    filled(tmp_path, {"x": {BEGIN + at * 5.003: 1.0 for at in range(600)}})
    found = Reader(tmp_path).query("x", BEGIN, BEGIN + 3000, 600)
    assert len(found.lines()) == 1
    assert len(found.rows) == 600


def test_a_series_that_is_not_there_has_no_rows(tmp_path: Path):
    assert Reader(tmp_path / "nowhere").query("x", BEGIN, BEGIN + 60).rows == ()
    assert Reader(tmp_path / "nowhere").names() == []
    filled(tmp_path, {"x": {BEGIN: 1.0}})
    assert Reader(tmp_path).query("y", BEGIN, BEGIN + 60).rows == ()
    assert Reader(tmp_path).query("x", BEGIN, BEGIN + 60).rows == (Row(BEGIN, 1, 1.0, 1.0, 1.0),)
