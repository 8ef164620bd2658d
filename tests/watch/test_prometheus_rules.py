"""The rules for Prometheus mean what our own alerts mean: both are asked about the same numbers."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from portico.config.models import Settings
from portico.keeper import certify, judge
from portico.watch import registry, signal
from portico.watch.alerts import cases
from portico.watch.alerts.alert import Alert, Case
from portico.watch.alerts.judge import Judge
from portico.watch.alerts.table import ALERTS
from portico.watch.collect import keeper
from portico.watch.export.rules import alerting, document, recording
from portico.watch.recent import Recent
from portico.watch.slo import budget, counting, metrics
from portico.watch.slo.budget import Counted, Promise, State
from portico.watch.view import View
from support import promtool
from support.promtool import EVERY_S

LOOKS = 71
"""Of five seconds: longer than any alert looks back."""

NEAR = 0.12
"""A minute of ours has a look more than one of Prometheus'; what so little decides isn't asked."""

FACTORS = (0.0, 0.02, 0.2, 0.5, 0.8, 1.25, 2.0, 5.0, 50.0)
SETTINGS = Settings()
RULES = alerting.rules(SETTINGS)
NOW = 1_800_000_000.0

Steady = Mapping[str, float]
"""Series key -> the gauge's value, or what the counter grows by, at each look."""


def slo_state(error: float, total: float, calm: float = 1.0) -> State:
    """So many bad ones of all, in the short windows `calm` times as many."""
    promise = Promise("availability", SETTINGS.slo.availability / 100, SETTINGS.slo.window_days * 86400)

    def count(seconds: float) -> Counted:
        share = error * (calm if seconds < 3600 else 1.0)
        held = total * seconds / promise.window_s
        return Counted(held * (1 - share), held, seconds)

    return budget.judge(promise, count, "requests")


def of_facts(name: str) -> Iterator[tuple[Steady, Mapping[str, object]]]:
    """Numbers and facts that tell the same, for alerts of ours that read facts."""
    if name == "keeper-down":
        for age in (0.3, 4.0, 6.0, 500.0):
            yield {keeper.AGE.name: age}, {"status_age_s": age}
    if name in {"slo-burning-fast", "slo-burning-slow", "budget-exhausted"}:
        for error, total, calm in itertools.product(
            (0.0, 0.0003, 0.002, 0.004, 0.02), (1e3, 1e8), (0.0, 1.0)
        ):
            state = slo_state(error, total, calm)
            yield {one.key: one.value for one in metrics.signals([state])}, {"slo": [state]}


def steady(case: Case) -> Steady:
    """A fixture's values, each the same at all its looks."""
    for points in case.points.values():
        assert len({value for _, value in points}) == 1
    return {key: points[0][1] for key, points in case.points.items()}


def variants(alert: Alert) -> Iterator[tuple[Steady, Mapping[str, object]]]:
    chance = random.Random(alert.name)
    yield from of_facts(alert.name)
    for case in (alert.fires, alert.quiet):
        if case.points:
            values = steady(case)
            yield values, {}
            for _ in range(8):
                yield {key: value * chance.choice(FACTORS) for key, value in values.items()}, {}
            for key in values:
                yield {other: value for other, value in values.items() if other != key}, {}


def ours(alert: Alert, values: Steady, facts: Mapping[str, object]) -> set[str]:
    """The severities that our own judge finds after all looks; the first ones are only remembered."""
    asked, recent, found = Judge({alert.name: alert}), Recent(), {}
    judged = LOOKS - 2 - math.ceil(alert.for_s / EVERY_S)
    for number in range(LOOKS):
        now = NOW + EVERY_S * number
        recent.add(now, values)
        if number >= judged:
            found = asked.findings(View(now, recent, facts))
    assert not [key for key in found if key.startswith("rule-failed")], found
    return {str(finding.severity) for finding in found.values()}


def is_plain(alert: Alert, values: Steady, facts: Mapping[str, object]) -> bool:
    """Whether no series decides it by a little more or less."""
    verdict = ours(alert, values, facts)
    moved = ({**values, key: values[key] * (1 + by)} for key in values for by in (-NEAR, NEAR))
    return bool(facts) or all(ours(alert, one, facts) == verdict for one in moved)


def as_series(values: Steady) -> dict[str, list[float]]:
    """As Prometheus has them: counters are totals, and each is one stack's."""
    growing = registry.counters()
    found = {}
    for key, value in values.items():
        name, labels = signal.parse(key)
        told = signal.key(name, tuple(sorted((*labels, ("job", "portico"), ("instance", "here")))))
        found[told] = [value * (number if name in growing else 1) for number in range(LOOKS)]
    return found


def firing(name: str) -> str:
    return f'group by (alertname, severity) (ALERTS{{alertname="{name}",alertstate="firing"}})'


def only(*names: str) -> dict[str, object]:
    """The rules with these alone."""
    whole = document.document(SETTINGS)
    kept = [rule for group in whole["groups"] for rule in group["rules"] if rule.get("alert") in names]
    return {"groups": [{"name": "kept", "rules": kept}]}


@promtool.needed
def test_promtool_finds_nothing_wrong_with_the_file(tmp_path: Path):
    (tmp_path / "portico.yml").write_text(document.as_yaml(SETTINGS))
    assert "SUCCESS" in promtool.check(tmp_path / "portico.yml")


@promtool.needed
@pytest.mark.parametrize("name", [name for name in RULES if ALERTS[name].rule])
def test_a_rule_says_what_our_own_alert_says(name: str, tmp_path: Path):
    alert, tests, verdicts = ALERTS[name], [], set()
    for values, facts in variants(alert):
        if is_plain(alert, values, facts):
            found = ours(alert, values, facts)
            verdicts.add(frozenset(found))
            expected = {f'{{alertname="{name}",severity="{severity}"}}': 1 for severity in found}
            tests.append(promtool.told(as_series(values), firing(name), EVERY_S * (LOOKS - 1), expected))
    assert frozenset() in verdicts
    assert len(verdicts) > 1
    assert promtool.run(tmp_path, name, only(name), tests) == ""


@promtool.needed
def test_a_trouble_must_last_and_be_gone_as_long_as_ours(tmp_path: Path):
    """Down for 60 s it is told, and for 10 s more than it lasts."""
    key = 'portico_studio_up{instance="here",job="portico"}'
    name = "studio-down"
    told = {f'{{alertname="{name}",severity="warning"}}': 1}
    down = [1.0] * 4 + [0.0] * 20 + [1.0] * 10  # down from 20 s to 120 s
    moments = {75: {}, 85: told, 115: told, 125: told, 135: {}}
    tests = [promtool.told({key: down}, firing(name), at, expected) for at, expected in moments.items()]
    assert promtool.run(tmp_path, name, only(name), tests) == ""


def up_of(cluster: str, count: float, drained: float = 0.0) -> Steady:
    return {
        f'portico_cluster_replicas_up{{cluster="{cluster}"}}': count,
        f'portico_cluster_drained{{cluster="{cluster}"}}': drained,
    }


KEPT: tuple[tuple[str, Steady, str], ...] = (
    ("edge-down", {'portico_process_up{part="edge"}': 0.0}, "critical"),
    ("edge-down", {'portico_process_up{part="edge"}': 1.0, 'portico_process_up{part="a1"}': 0.0}, ""),
    ("cluster-down", {**up_of("a", 0.0), **up_of("b", 2.0)}, "critical"),
    ("cluster-down", {**up_of("a", 0.0, 1.0), **up_of("b", 1.0)}, ""),
    ("mirror-behind", {"portico_mirror_age_seconds": judge.MIRROR_LATE_S + 1}, "warning"),
    ("mirror-behind", {"portico_mirror_age_seconds": judge.MIRROR_LATE_S}, ""),
    ("certificate-expiring", {"portico_certificate_left_seconds": certify.WARN_DAYS * 86400.0}, ""),
    (
        "certificate-expiring",
        {"portico_certificate_left_seconds": certify.WARN_DAYS * 86400.0 - 1},
        "warning",
    ),
    ("certificate-expiring", {"portico_certificate_left_seconds": 2 * 86400.0}, "critical"),
)


@promtool.needed
def test_what_the_keeper_finds_by_a_number_is_told_by_the_same_number(tmp_path: Path):
    tests = [
        promtool.told(
            as_series(values),
            firing(name),
            EVERY_S * (LOOKS - 1),
            {f'{{alertname="{name}",severity="{severity}"}}': 1} if severity else {},
        )
        for name, values, severity in KEPT
    ]
    names = {name for name, _, _ in KEPT}
    assert names == {name for name in RULES if not ALERTS[name].rule}
    assert promtool.run(tmp_path, "kept", only(*names), tests) == ""


@promtool.needed
def test_two_stacks_are_two_alerts(tmp_path: Path):
    series = {
        f'portico_keeper_status_age_seconds{{instance="{stack}",job="portico"}}': [age] * 5
        for stack, age in (("one", 60.0), ("two", 1.0), ("three", 60.0))
    }
    query = 'ALERTS{alertname="keeper-down",alertstate="firing"}'
    labels = 'alertname="keeper-down",alertstate="firing",instance="{}",job="portico",severity="critical"'
    expected = {f"ALERTS{{{labels.format(stack)}}}": 1 for stack in ("one", "three")}
    assert (
        promtool.run(tmp_path, "two", only("keeper-down"), [promtool.told(series, query, 20, expected)]) == ""
    )


@promtool.needed
def test_what_has_no_form_in_numbers_is_still_told_by_two_rules(tmp_path: Path):
    finding = 'portico_keeper_findings{instance="here",job="portico",severity="critical"}'
    up = 'portico_collector_up{collector="edge",instance="here",job="portico"}'
    silent = {'{alertname="portico-silent",severity="critical"}': 1}
    critical = {'{alertname="portico-critical",severity="critical"}': 1}
    alive = {up: [1.0] * 40, finding: [0.0] * 10 + [1.0] * 30}
    tests = [
        promtool.told(alive, firing("portico-critical"), 45, {}),
        promtool.told(alive, firing("portico-critical"), 90, critical),
        promtool.told(alive, firing("portico-silent"), 190, {}),
        promtool.told({finding: [0.0]}, firing("portico-silent"), 190, silent),
    ]
    rules = only("portico-critical", "portico-silent")
    assert promtool.run(tmp_path, "extras", rules, tests) == ""


@promtool.needed
def test_one_silent_stack_of_two_is_told(tmp_path: Path):
    series = {
        'portico_collector_up{collector="edge",instance="one",job="portico"}': [1.0] * 10 + [promtool.ENDED],
        'portico_collector_up{collector="edge",instance="two",job="portico"}': [1.0] * 60,
    }
    query = 'ALERTS{alertname="portico-silent",alertstate="firing"}'
    labels = 'alertname="portico-silent",alertstate="firing",instance="one",job="portico",severity="critical"'
    tests = [
        promtool.told(series, query, 160, {}),
        promtool.told(series, query, 180, {f"ALERTS{{{labels}}}": 1}),
    ]
    assert promtool.run(tmp_path, "silent", only("portico-silent"), tests) == ""


@promtool.needed
def test_the_recorded_shares_count_what_the_promises_count(tmp_path: Path):
    """Every series that may count, each with increases of its own."""
    numbers = itertools.count(1)
    grown = {
        signal.key(metric.name if ending is None else f"{metric.name}{ending}", labels): float(next(numbers))
        for metric, ending, labels in _counted()
    }
    every = recording.rules(SETTINGS)
    rules = {
        "groups": [
            {
                "name": "slo",
                "rules": [
                    {"record": one.record, "expr": one.expr, "labels": dict(one.labels)}
                    for one in every
                    if one.record.endswith("300s")
                ],
            }
        ]
    }
    tests = []
    for promise, indicators in counting.promises(SETTINGS).items():
        for one in indicators:
            labels = f'{{by="{one.by}",instance="here",job="portico",objective="{promise.objective}"}}'
            query = f'round({recording.NAME}300s{{objective="{promise.objective}",by="{one.by}"}}, 0.0001)'
            share = _error(one, grown)
            assert 0 < share < 1
            expected = {labels: math.floor(share * 10_000 + 0.5) / 10_000}
            tests.append(promtool.told(as_series(grown), query, EVERY_S * (LOOKS - 1), expected))
    assert len(tests) == 5
    assert promtool.run(tmp_path, "slo", rules, tests) == ""


@promtool.needed
def test_in_no_traffic_none_is_bad(tmp_path: Path):
    still = {f'portico_edge_responses_total{{code="{code}",door="https"}}': 0.0 for code in ("2xx", "5xx")}
    (rule,) = [
        one
        for one in recording.rules(SETTINGS)
        if one.record.endswith("300s") and dict(one.labels) == {"objective": "availability", "by": "requests"}
    ]
    told = {"record": rule.record, "expr": rule.expr, "labels": dict(rule.labels)}
    rules = {"groups": [{"name": "slo", "rules": [told]}]}
    labels = f'{rule.record}{{by="requests",instance="here",job="portico",objective="availability"}}'
    tests = [promtool.told(as_series(still), rule.record, 350, {labels: 0})]
    assert promtool.run(tmp_path, "still", rules, tests) == ""


def test_the_alerts_that_read_numbers_alone_are_all_there():
    """Those whose fixtures are numbers and nothing else, but for those that are left out with a reason."""
    alone = {
        alert.name for alert in ALERTS.values() if alert.rule and alert.fires.points and not alert.fires.facts
    }
    assert alone - RULES.keys() == set(LEFT_OUT) & alone


LEFT_OUT = {
    "checker-wrong": "it looks back 15 s, in which Prometheus has one sample",
}


def test_the_yaml_says_what_the_json_says():
    assert yaml.safe_load(document.as_yaml(SETTINGS)) == document.document(SETTINGS)


def test_what_is_left_out_is_told():
    said = document.as_yaml(SETTINGS)
    head = [line for line in said.splitlines() if line.startswith("#")]
    assert all(len(line) <= 110 for line in head)
    assert [name for name in document.left_out(SETTINGS) if name not in " ".join(head)] == []


def test_a_runbook_s_address_is_the_company_s_where_there_is_one():
    asked = Settings.model_validate({"notify": {"runbooks": "https://wiki.example.com/runbooks/"}})
    pages = {
        rule["alert"]: rule["annotations"]["runbook_url"]
        for rule in document.document(asked)["groups"][0]["rules"]
    }
    assert pages["edge-errors"] == "https://wiki.example.com/runbooks/edge-errors"


def _counted() -> Iterator[tuple[object, str | None, tuple[tuple[str, str], ...]]]:
    edge = registry.METRICS["portico_edge_responses_total"]
    for door, code in itertools.product(("https", "http"), ("2xx", "3xx", "4xx", "5xx")):
        yield edge, None, (("code", code), ("door", door))
    looks = registry.METRICS["portico_probe_agreed_total"]
    targets = ("edge", "a", "mirror", "redirect", "dns", "certificate")
    for target, result in itertools.product(targets, counting.What):
        yield looks, None, (("result", str(result)), ("target", target))
    duration = registry.METRICS["portico_edge_request_duration_seconds"]
    for bound in ("0.1", "0.25", "1.0", "+Inf"):
        yield duration, "_bucket", (*((label, "x") for label in sorted(duration.labels)), ("le", bound))


def _error(indicator: counting.Indicator, grown: Steady) -> float:
    good = total = 0.0
    for key, value in grown.items():
        name, labels = signal.parse(key)
        share = indicator.sort(dict(labels)) if name == indicator.metric else None
        if share:
            good, total = good + value * share.good, total + value * share.total
    return 1 - good / total


def test_fixtures_are_steady_so_that_they_can_be_asked_of_prometheus():
    assert steady(cases.steady(signal.of("portico_studio_up", 1))) == {"portico_studio_up": 1}
