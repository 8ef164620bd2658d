"""The fleet: one detector for each series, open anomalies, and what survives a restart."""

from __future__ import annotations

import math

import pytest

from portico.watch.anomaly import archive
from portico.watch.anomaly.detector import Verdict
from portico.watch.anomaly.fleet import CALM, LONGEST, Fleet
from portico.watch.anomaly.unusual import Anomaly, Words, number, sentence
from support.anomaly_series import changed, noise

KEY = 'portico_edge_requests_total{door="https"}'
POINTS = noise(3000)
SINCE = POINTS[2500][0]


def feed(fleet, points, key=KEY):
    """What was open after each point."""
    return [fleet.observe(at, {key: value}) for at, value in points]


def spiked(minutes=5):
    return changed(POINTS, SINCE, SINCE + minutes * 60.0, lambda value: value + 60.0)


def test_an_anomaly_is_open_while_it_lasts_and_closes_after_calm():
    seen = feed(Fleet(None), spiked(20))
    times = [at for (at, _), found in zip(POINTS, seen, strict=True) if found]
    assert times[0] == SINCE
    assert SINCE + 20 * 60.0 <= times[-1] < SINCE + 21 * 60.0 + CALM
    anomalies = [found[0] for found in seen if found]
    assert {(anomaly.key, anomaly.since) for anomaly in anomalies} == {(KEY, SINCE)}


def test_an_anomaly_of_a_time_before_the_clock_was_set_back_is_over():
    fleet = Fleet(None)
    assert feed(fleet, [point for point in spiked(20) if point[0] <= SINCE])[-1]
    assert not fleet.observe(SINCE - 86_400.0, {})


def test_what_stays_is_the_new_usual_after_half_a_day():
    points = noise(4500)
    moved = changed(points, SINCE, math.inf, lambda value: value + 60.0)
    times = [at for (at, _), found in zip(points, feed(Fleet(None), moved), strict=True) if found]
    assert times[-1] < SINCE + LONGEST


def test_each_series_is_judged_by_its_own_past():
    fleet = Fleet(None)
    for at, value in spiked():
        found = fleet.observe(at, {"calm": 100.0 + value % 1.0, KEY: value})
        assert {anomaly.key for anomaly in found} <= {KEY}


def test_a_series_without_a_value_is_missing_and_raises_nothing():
    fleet = Fleet(None)
    for at, value in POINTS:
        gone = 2000 <= (at - POINTS[0][0]) / 60.0 < 2100
        assert fleet.observe(at, {"other": 1.0} if gone else {KEY: value}) == []


def test_what_was_learnt_and_what_is_open_survive_a_restart(tmp_path):
    first = Fleet(tmp_path)
    feed(first, spiked(60)[:2510])
    first.save()
    revived = Fleet(tmp_path)
    rest = spiked(60)[2510:]
    assert revived.troubles == []
    assert feed(revived, rest) == feed(first, rest)


def test_nothing_is_kept_without_a_folder(tmp_path):
    fleet = Fleet(None)
    feed(fleet, POINTS[:10])
    fleet.save()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("broken", [b"", b"garbage", b"portico-detectors-1\n" + b"\xff" * 40])
def test_a_corrupt_file_is_set_aside_and_told(tmp_path, broken):
    (tmp_path / archive.NAME).write_bytes(broken)
    fleet = Fleet(tmp_path)
    assert "learn anew" in fleet.troubles[0]
    assert (tmp_path / "detectors.corrupt").read_bytes() == broken
    assert feed(fleet, POINTS[:50])[-1] == []
    fleet.save()
    assert Fleet(tmp_path).troubles == []


def test_what_a_killed_watcher_left_half_written_is_removed(tmp_path):
    (tmp_path / f".{archive.NAME}.0a1b2c3d.tmp").write_bytes(b"half")
    Fleet(tmp_path)
    assert not list(tmp_path.iterdir())


def test_one_damaged_detector_learns_anew_and_the_others_go_on(tmp_path):
    fleet = Fleet(tmp_path)
    for at, value in POINTS[:200]:
        fleet.observe(at, {"first": value, "second": value})
    fleet.save()
    path = tmp_path / archive.NAME
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    revived = Fleet(tmp_path)
    assert len(revived.troubles) == 1
    assert revived.troubles[0].startswith("second: ")
    assert revived.observe(POINTS[200][0], {"first": 500.0, "second": 500.0})[0].key == "first"


def test_more_series_than_the_limit_are_left_out_and_told_once():
    fleet = Fleet(None, most=2)
    for at, value in POINTS[:40]:
        fleet.observe(at, {"one": value, "two": value, "three": value, "four": value})
    assert len(fleet.troubles) == 1
    assert "more than 2 series" in fleet.troubles[0]


def test_a_series_unseen_for_a_day_makes_room():
    fleet = Fleet(None, most=1)
    fleet.observe(0.0, {"gone": 1.0})
    fleet.observe(90_000.0, {"new": 1.0})
    assert fleet.troubles == []


def test_a_note_reaches_every_series():
    fleet = Fleet(None)
    jumped = changed(POINTS, SINCE, math.inf, lambda value: value + 15.0)
    for at, value in jumped:
        if at == SINCE:
            fleet.note(at, "deploy")
        assert fleet.observe(at, {"one": value, "two": value}) == []


def test_an_anomaly_tells_value_and_expected_range():
    anomaly = Anomaly("requests", 0.0, 1240.0, Verdict(1.0, 14.0, 300.0, 520.0, learning=False), 0.0)
    said = sentence(anomaly, Words("Requests", "requests/s"))
    assert said == "Requests: 1,240 requests/s, expected 300 to 520 at this hour."


def test_units_are_those_that_people_read():
    slow = Anomaly(
        "portico_edge_response_time_seconds", 0.0, 0.48, Verdict(1.0, 14.0, 0.01, 0.042, learning=False), 0.0
    )
    assert ": 480 ms, expected 10 ms to 42 ms at this hour." in slow.sentence
    assert number(3.2 * 2**30, "bytes") == "3.2 GiB"
    assert number(0.5, "ratio") == "50 %"
    assert number(0.0, "") == "0"


def test_errors_after_a_quiet_day_are_said_to_be_unexpected():
    fleet = Fleet(None)
    for at, _ in POINTS[:1440]:
        assert fleet.observe(at, {"errors": 0.0}) == []
    (found,) = fleet.observe(POINTS[1440][0], {"errors": 25.0})
    assert found.sentence == "errors: 25, expected 0 to 0 at this hour."


def test_an_odd_course_within_the_range_is_said_as_such():
    verdict = Verdict(0.9, 12.0, 10.0, 90.0, learning=False)
    said = sentence(Anomaly("load", 0.0, 50.0, verdict, 0.0), Words("Load"))
    assert said == "Load: now 50, which is usual, but how it ran lately is unlike all before."
