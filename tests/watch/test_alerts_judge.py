"""A trouble must last to be told, and be gone for a while to be over; one bad rule ends nothing."""

from __future__ import annotations

import pytest

from portico.model import Finding, Severity
from portico.watch.alerts.alert import Alert, Trouble
from portico.watch.alerts.judge import PATIENCE_S, Judge
from portico.watch.recent import Recent
from portico.watch.view import View


class Ruled:
    """A judge over one alert, whose rule says what the test says."""

    def __init__(self, *known: Finding, **terms: float):
        self.troubles: list[Trouble] | Exception = []
        alert = Alert("disk-full", Severity.WARNING, "A disk is full.", rule=self._rule, **terms)
        other = Alert("other", Severity.INFO, "Always.", rule=lambda _view: iter([Trouble("It is.")]))
        self._judge = Judge({"disk-full": alert, "other": other}, known)

    def _rule(self, _view):
        if isinstance(self.troubles, Exception):
            raise self.troubles
        return iter(self.troubles)

    def at(self, now: float, *troubles: Trouble) -> dict[str, Finding]:
        self.troubles = list(troubles)
        return self.look(now)

    def look(self, now: float) -> dict[str, Finding]:
        found = self._judge.findings(View(now, Recent()))
        assert found.pop("other").sentence == "It is."
        return found


FULL = Trouble("sda is full.", "sda")


def test_a_trouble_is_told_at_once_where_it_need_not_last():
    assert list(Ruled().at(0, FULL)) == ["disk-full:sda"]


def test_a_trouble_that_does_not_last_is_never_told():
    ruled = Ruled(for_s=10)
    assert ruled.at(0, FULL) == {}
    assert ruled.at(9, FULL) == {}
    assert ruled.at(9.5) == {}
    assert ruled.at(10, FULL) == {}
    assert list(ruled.at(20, FULL)) == ["disk-full:sda"]


def test_a_trouble_is_over_when_it_was_gone_for_a_while():
    ruled = Ruled(clear_s=5)
    ruled.at(0, FULL)
    assert list(ruled.at(4)) == ["disk-full:sda"]
    assert list(ruled.at(4.5, FULL)) == ["disk-full:sda"]
    assert list(ruled.at(9)) == ["disk-full:sda"]
    assert ruled.at(9.5) == {}


def test_a_clock_that_is_set_back_holds_no_trouble():
    ruled = Ruled(clear_s=5)
    ruled.at(5000, FULL)
    assert list(ruled.at(100)) == ["disk-full:sda"]
    assert ruled.at(105) == {}


def test_each_place_is_a_finding_of_its_own_with_its_own_severity():
    found = Ruled().at(0, FULL, Trouble("sdb is full.", "sdb", Severity.CRITICAL, {"disk": "sdb"}))
    assert found["disk-full:sda"].severity is Severity.WARNING
    assert found["disk-full:sdb"].severity is Severity.CRITICAL
    assert found["disk-full:sdb"].data == {"disk": "sdb"}


def test_a_rule_that_raises_is_a_finding_and_all_others_are_judged(caplog: pytest.LogCaptureFixture):
    ruled = Ruled()
    ruled.at(0, FULL)
    ruled.troubles = ZeroDivisionError("no disks")
    found = ruled.look(60)
    assert sorted(found) == ["disk-full:sda", "rule-failed:disk-full"]
    assert "no disks" in found["rule-failed:disk-full"].sentence
    ruled.look(61)
    assert len(caplog.records) == 1
    assert list(ruled.at(62)) == ["disk-full:sda"]
    assert ruled.at(70) == {}


def test_what_an_earlier_watcher_found_stays_until_this_one_has_measured_enough():
    before = Finding("disk-full:sda", Severity.WARNING, "sda is full.")
    ruled = Ruled(before, Finding("gone-alert", Severity.WARNING, "Not known any more."))
    assert ruled.at(0) == {"disk-full:sda": before}
    assert list(ruled.at(PATIENCE_S - 1)) == ["disk-full:sda"]
    assert ruled.at(PATIENCE_S) == {}


def test_what_the_keeper_found_is_not_taken_for_the_watchers():
    down = Alert("cluster-down", Severity.CRITICAL, "A cluster is down.", source="keeper")
    judge = Judge({down.name: down}, [Finding("cluster-down:a", Severity.CRITICAL, "It is.")])
    assert judge.findings(View(0, Recent())) == {}


def test_what_an_earlier_watcher_found_and_this_one_sees_ends_as_usual():
    ruled = Ruled(Finding("disk-full:sda", Severity.WARNING, "sda is full."), for_s=30, clear_s=5)
    assert list(ruled.at(0, FULL)) == ["disk-full:sda"]
    assert ruled.at(5) == {}
