"""Alerts on host, edge and keeper: each fires on its fixture, is quiet on the other, tells what it saw."""

from __future__ import annotations

import pytest

from portico.model import Severity
from portico.watch import registry, signal
from portico.watch.alerts import cases, edges, hosts, keepers
from portico.watch.alerts.alert import Alert, Case, Trouble
from portico.watch.collect import edge, host
from portico.watch.recent import Recent
from portico.watch.view import View
from support.collecting import NOW

ALL = (*hosts.ALERTS, *edges.ALERTS, *keepers.ALERTS)
every = pytest.mark.parametrize("alert", ALL, ids=lambda alert: alert.name)
BY_NAME = {alert.name: alert for alert in ALL}


def troubles(alert: Alert, case: Case) -> list[Trouble]:
    recent = Recent()
    for key, points in case.points.items():
        for ago, value in sorted(points, reverse=True):
            recent.add(NOW - ago, {key: value})
    assert alert.rule
    return list(alert.rule(View(NOW, recent, case.facts)))


@every
def test_it_fires_on_its_fixture_and_is_quiet_on_the_other(alert: Alert):
    assert troubles(alert, alert.fires)
    assert troubles(alert, alert.quiet) == []


@every
def test_it_is_quiet_where_nothing_was_measured(alert: Alert):
    assert troubles(alert, Case()) == []


@every
def test_it_names_metrics_that_there_are(alert: Alert):
    assert set(alert.metrics) <= set(registry.METRICS)
    read = {signal.parse(key)[0] for key in (*alert.fires.points, *alert.quiet.points)}
    assert read <= set(alert.metrics)


@every
def test_it_says_in_a_sentence_what_and_where(alert: Alert):
    for trouble in troubles(alert, alert.fires):
        assert trouble.sentence.endswith(".")
        assert trouble.data.keys() & {"part", "cluster", "replica"}


def test_what_is_nearly_gone_is_critical():
    almost = cases.steady(signal.of(host.FREE.name, 1e8), signal.of(host.DISK.name, 1e11))
    assert [one.severity for one in troubles(BY_NAME["disk-low"], almost)] == [Severity.CRITICAL]


def test_a_disk_without_a_limit_of_files_has_room_for_more():
    unlimited = cases.steady(signal.of(host.INODES_FREE.name, 0), signal.of(host.INODES.name, 0))
    assert troubles(BY_NAME["inodes-low"], unlimited) == []


def test_a_kernel_that_tells_no_pressure_is_judged_by_its_load():
    crowded = cases.steady(signal.of(host.LOAD.name, 40, window="5m"), signal.of(host.CORES.name, 2))
    assert [one.place for one in troubles(BY_NAME["host-out-of-breath"], crowded)] == ["cpu"]


def test_one_error_at_night_is_nobodys_trouble():
    name = edge.RESPONSES.name
    points = {
        signal.of(name, 0, door="https", code="2xx").key: ((30.0, 0.0), (5.0, 1.0)),
        signal.of(name, 0, door="https", code="5xx").key: ((30.0, 1.0), (5.0, 0.0)),
    }
    assert troubles(BY_NAME["edge-errors"], Case(points=points)) == []


def test_many_errors_are_critical_and_few_a_warning():
    def found(good: float, bad: float) -> list[Severity | None]:
        return [one.severity for one in troubles(BY_NAME["edge-errors"], edges._responses(good, bad))]

    assert found(95, 5) == [Severity.WARNING]
    assert found(50, 50) == [Severity.CRITICAL]


def test_the_replica_that_errs_is_named_with_its_cluster():
    [found] = troubles(BY_NAME["replica-errors"], BY_NAME["replica-errors"].fires)
    assert (found.place, dict(found.data)) == ("a1", {"cluster": "a", "replica": "a1"})


def test_each_part_that_can_not_be_seen_is_told_with_its_reason():
    alert = BY_NAME["watch-blind"]
    facts = {"collectors": {"edge": "run/edge.sock: the edge doesn't answer"}}
    [found] = troubles(alert, Case(alert.fires.points, facts))
    assert found.place == "edge"
    assert found.sentence.endswith("can't be had: run/edge.sock: the edge doesn't answer.")
