"""Every alert is proven by its fixtures, reads metrics that exist, and has a page that tells what to do."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pkgutil import iter_modules

import pytest

from portico.watch import alerts, registry
from portico.watch.alerts import table
from portico.watch.alerts.alert import Alert, Case
from portico.watch.alerts.judge import Judge
from portico.watch.alerts.table import ALERTS
from portico.watch.recent import Recent
from portico.watch.view import View
from support.pages import ROOT

NOW = 1_700_000_000.0
RULED = [alert for alert in ALERTS.values() if alert.rule]
KEPT = [alert for alert in ALERTS.values() if alert.source == "keeper"]


def named(alerts: list[Alert]):
    return pytest.mark.parametrize("alert", alerts, ids=lambda alert: alert.name)


def judged(alert: Alert, case: Case) -> list[str]:
    """What the judge finds when the case has lasted for long enough."""
    judge = Judge({alert.name: alert})
    for now in (NOW, NOW + alert.for_s):
        recent = Recent()
        for key, points in case.points.items():
            for ago, value in sorted(points, reverse=True):
                recent.add(now - ago, {key: value})
        found = judge.findings(View(now, recent, case.facts))
    return sorted({finding.alert for finding in found.values()})


@named(RULED)
def test_its_fixture_fires_it_and_nothing_fails(alert: Alert):
    assert judged(alert, alert.fires) == [alert.name]


@named(RULED)
def test_what_must_not_fire_it_does_not(alert: Alert):
    assert judged(alert, alert.quiet) == []


@named(RULED)
def test_an_empty_view_fires_nothing(alert: Alert):
    assert judged(alert, Case()) == []


@named(RULED)
def test_it_names_only_metrics_that_exist(alert: Alert):
    fixtures = {key.partition("{")[0] for case in (alert.fires, alert.quiet) for key in case.points}
    assert [name for name in {*alert.metrics, *fixtures} if registry.find(name) is None] == []


@named(list(ALERTS.values()))
def test_it_has_a_runbook_of_its_name(alert: Alert):
    page = ROOT / "docs" / "runbooks" / f"{alert.name}.md"
    assert page.read_text().startswith(f"# {alert.name}\n")


def test_no_two_are_alike():
    assert all(name == alert.name for name, alert in ALERTS.items())
    meanings = [alert.meaning for alert in ALERTS.values()]
    assert len(set(meanings)) == len(meanings)
    rules = [alert.rule for alert in RULED]
    assert len(set(rules)) == len(rules)


def test_every_module_with_alerts_is_in_the_table():
    """So that none is written and then never judged."""
    modules = [import_module(f"{alerts.__name__}.{found.name}") for found in iter_modules(alerts.__path__)]
    listed = [module.ALERTS for module in modules if module is not table and hasattr(module, "ALERTS")]
    assert [alert.name for found in listed for alert in found if alert.name not in ALERTS] == []
    assert sum(map(len, listed)) == len(ALERTS)


def test_the_keepers_alerts_are_those_that_the_keeper_finds():
    found = set()
    for path in (ROOT / "src" / "portico" / "keeper").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Finding":
                key = ast.unparse(node.args[0])
                found |= {re.split(r"[:'\"]", key.strip("f'\""))[0]} if key[0] in "f'\"" else set()
    assert found | {"certificate-wrong", "step-failed"} == {alert.name for alert in KEPT}
