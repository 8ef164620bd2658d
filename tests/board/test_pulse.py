from __future__ import annotations

from portico.board import age, pulse
from portico.ledger.incidents import Incident
from portico.model import Finding, Severity
from support import paperstack

NOW = 1000.0
WELL = age.judge(NOW, NOW, NOW)
SILENT = age.judge(NOW - 99, NOW, NOW)
NEVER = age.judge(None, None, NOW)


def incident(number: int, severity: str = "critical", **data: object) -> Incident:
    return Incident(number, NOW, None, Severity(severity), "Something", "", None, "", data)


def finding(severity: str, **data: object) -> Finding:
    return Finding("disk-full:a", Severity(severity), "The disk is full.", data)


def test_all_is_well_when_nothing_is_open():
    assert pulse.judge(WELL, [], []) == pulse.Pulse("good", "all well")


def test_one_incident_is_one_press_away():
    assert pulse.judge(WELL, [incident(7)], []) == pulse.Pulse("bad", "1 open incident", "/incidents/7")


def test_several_incidents_are_as_bad_as_the_worst():
    found = pulse.judge(WELL, [incident(7, "warning"), incident(8)], [])
    assert (found.tone, found.words, found.href) == ("bad", "2 open incidents", "/incidents")


def test_an_open_incident_hides_no_silence():
    found = pulse.judge(SILENT, [incident(7)], [])
    assert (found.tone, found.words) == ("bad", "1 open incident, keeper silent")
    assert found.href == "/incidents/7"
    watcher = pulse.judge(age.judge(NOW, NOW - 99, NOW), [incident(7, "warning"), incident(8, "warning")], [])
    assert (watcher.tone, watcher.words) == ("fair", "2 open incidents, watcher silent")


def test_a_silent_keeper_matters_more_than_what_it_found_before():
    assert pulse.judge(SILENT, [], [finding("critical")]).words == "keeper silent"


def test_a_drill_is_said_to_be_one():
    practised = [incident(7, drill="disk-full")]
    found = pulse.judge(WELL, practised, [finding("critical", drill=True)])
    assert (found.tone, found.words) == ("calm", "drill running")


def test_a_finding_of_its_own_is_something_that_is_off():
    assert pulse.judge(WELL, [], [finding("warning")]) == pulse.Pulse("fair", "something is off", "/alerts")
    assert pulse.judge(WELL, [], [finding("info")]).tone == "good"


def test_nothing_is_known_of_what_was_never_started():
    assert pulse.judge(NEVER, [], []).tone == "none"


def test_what_somebody_wanted_so_is_not_called_well_and_not_bad():
    wished = [*pulse.wishes(paperstack.status(drained=("a",)))]
    assert pulse.judge(WELL, [], [], wished) == pulse.Pulse("calm", "a is drained", "/operate")
    both = [*pulse.wishes({"clusters": [], "mirror_only": True, "shield": NOW + 60})]
    assert pulse.judge(WELL, [], [], both).words == "mirror alone, shield up"
    assert pulse.judge(SILENT, [], [], wished).words == "keeper silent"
    assert pulse.judge(WELL, [], [finding("warning")], wished).words == "something is off"
