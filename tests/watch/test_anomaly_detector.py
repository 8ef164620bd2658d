"""What the detector of one series finds, and what it leaves alone."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portico.watch.anomaly.alarm import Alarm
from portico.watch.anomaly.detector import THRESHOLD, Detector
from support.anomaly_series import DAY, MONDAY, alerts, changed, noise, office, verdicts

HOUR = 3600.0
NOON = 12 * HOUR


def after(points, count):
    """The time of a point, which is where the next change begins."""
    return points[count][0]


@settings(max_examples=15, deadline=None)
@given(
    cut=st.integers(1, 700),
    step=st.sampled_from([5.0, 60.0, 300.0]),
    later=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20),
)
def test_a_verdict_depends_on_the_points_so_far_only(cut, step, later):
    points = noise(700, step)
    other = [*points[:cut], *((points[cut - 1][0] + step * (i + 1), v) for i, v in enumerate(later))]
    assert verdicts(points)[:cut] == verdicts(other)[:cut]


def test_a_detector_goes_on_after_a_restart_as_if_nothing_had_happened():
    points = list(office(24))
    detector = Detector()
    verdicts(points[:6000], detector)
    revived = Detector.load(detector.dump())
    assert verdicts(points[6000:], revived) == verdicts(points[6000:], detector)
    assert revived.dump() == detector.dump()


def test_the_state_stays_below_20_kb_after_a_month():
    detector = Detector()
    verdicts(office(31), detector)
    assert len(detector.dump()) < 20_000


def test_damaged_or_foreign_bytes_are_refused():
    good = Detector().dump()
    flipped = bytearray(good)
    flipped[len(good) // 2] ^= 1
    for bad in (b"", b"{}", good[:-1], good[:40], bytes(flipped), good.replace(b"anomaly-1", b"anomaly-0")):
        with pytest.raises(ValueError, match="state"):
            Detector.load(bad)


def test_noise_is_no_anomaly():
    assert len(alerts(noise(14 * 1440))) <= 2


def test_a_spike_is_found_at_once_and_alerts_once():
    points = noise(3000)
    since = after(points, 2500)
    assert alerts(changed(points, since, since + 300.0, lambda value: value + 60.0)) == [since]


def test_a_drop_to_nothing_is_found_and_the_range_says_what_was_expected():
    points = changed(noise(3000), MONDAY + 2500 * 60.0, math.inf, lambda _: 0.0)
    found = [verdict for verdict in verdicts(points) if verdict.anomalous]
    assert len(found) == 1
    assert 70.0 < found[0].low < 95.0
    assert 105.0 < found[0].high < 130.0
    assert found[0].score >= THRESHOLD


def test_a_step_that_hides_in_noise_is_found_within_minutes():
    points = noise(3000)
    since = after(points, 2500)
    found = alerts(changed(points, since, math.inf, lambda value: value + 14.0))
    assert len(found) == 1
    assert since <= found[0] <= since + 8 * 60.0


def test_one_hour_of_points_each_five_seconds_is_enough_to_learn():
    points = noise(900, 5.0)
    since = MONDAY + 3600.0
    spiked = changed(points, since, since + 120.0, lambda value: value + 60.0)
    found = alerts(spiked)
    assert len(found) == 1
    assert since <= found[0] <= since + 60.0
    assert not verdicts(points)[-1].learning


def test_it_says_while_it_learns_and_alerts_nobody_then():
    first = verdicts(noise(20))
    assert all(verdict.learning and not verdict.anomalous for verdict in first)


def test_missing_points_and_gaps_are_no_anomaly():
    points = noise(3000)
    holes = [(at, math.nan if index % 7 == 0 else value) for index, (at, value) in enumerate(points)]
    assert alerts(holes[:1500] + holes[1900:]) == []


def test_a_level_that_changed_during_a_gap_is_no_jump():
    before, later = noise(2000), noise(25, level=130.0, seed=2)
    moved = [(at + 3 * DAY, value) for at, value in later]
    assert alerts(before + moved) == []


def test_a_deploy_that_was_noted_raises_no_alert_and_the_same_jump_without_it_does():
    points = noise(3000)
    since = after(points, 2500)
    jumped = changed(points, since, math.inf, lambda value: value + 15.0)
    noted = Detector()
    noted.note(since - 30.0, "deploy")
    assert len(alerts(jumped)) == 1
    assert alerts(jumped, noted) == []


def test_an_outage_right_after_a_deploy_is_found_all_the_same():
    points = noise(3000)
    since = after(points, 2500)
    noted = Detector()
    noted.note(since - 30.0, "deploy")
    assert len(alerts(changed(points, since, math.inf, lambda _: 0.0), noted)) == 1


def test_a_closed_office_is_no_outage():
    holiday = 22
    start = MONDAY + holiday * DAY
    calm = alerts(office(24, closed=[holiday]))
    assert [at for at in calm if start <= at < start + DAY] == []
    assert [at for at in calm if at >= MONDAY + 14 * DAY] == []


def test_an_outage_at_noon_is_found_also_in_the_week_of_a_holiday():
    since = MONDAY + 23 * DAY + NOON
    down = changed(office(24, closed=[22]), since, since + HOUR, lambda value: 0.02 * value)
    found = [at for at in alerts(down) if at >= since]
    assert found[:1] == [since]


def test_a_spike_that_comes_each_hour_becomes_usual():
    hourly = [(at, value + 60.0 * (index % 60 == 0)) for index, (at, value) in enumerate(noise(4 * 1440))]
    found = alerts(hourly)
    assert [at for at in found if at >= MONDAY + 2 * DAY] == []


def test_a_value_that_got_stuck_is_found():
    points = noise(3000)
    since = after(points, 2500)
    stuck = points[2500][1]
    found = alerts(changed(points, since, math.inf, lambda _: stuck))
    assert len(found) == 1
    assert since < found[0] <= since + 15 * 60.0


def test_errors_after_a_day_without_any_are_found():
    quiet = [(at, 0.0) for at, _ in noise(1440)]
    since = after(quiet, 1440 - 30)
    found = alerts(changed(quiet, since, math.inf, lambda _: 25.0))
    assert found == [since]


def test_points_closer_than_a_minute_are_judged_when_the_minute_is_complete():
    judged = verdicts(noise(600, 5.0))
    changes = [index for index in range(1, 600) if judged[index].bits != judged[index - 1].bits]
    assert {index % 12 for index in changes} == {11}


def test_time_that_jumps_back_or_stands_still_breaks_nothing():
    points = noise(500)
    shuffled = points[:400] + points[350:] + points[-1:] * 5
    assert all(0.0 <= verdict.score <= 1.0 for verdict in verdicts(shuffled))


def test_an_episode_that_a_clock_set_back_has_yet_to_reach_silences_nothing():
    alarm, surprised = Alarm(), (30.0, 0.0, 0.0)
    assert alarm.excess(100_000.0, 60.0, surprised) >= 0.0
    assert alarm.excess(100_060.0, 60.0, surprised) == -math.inf
    assert alarm.excess(10_000.0, 60.0, surprised) >= 0.0
