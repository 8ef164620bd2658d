"""Promises, alerts and incidents as people and scripts read them, also while nothing runs."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from portico.cli import screen
from portico.config.home import Home
from portico.config.watching import Watch
from portico.ledger.ledger import Ledger
from portico.model import Finding, Severity
from portico.respond.incidents import book
from portico.watch import signal
from portico.watch.alerts.table import ALERTS
from portico.watch.series import store
from support.commands import Ran, Run


@pytest.fixture
def troubled(home: Home, ledger: Ledger) -> Ledger:
    """A replica that was mended unseen an hour ago, and a cluster that is down."""
    before = Ledger(home.ledger, now=lambda: time.time() - 3600)
    book.keep(before, before.now)
    before.record("replica.died", "b1", cluster="b", pid=1)
    before.record("replica.started", "b1", cluster="b", pid=2)
    before.close()
    down = Finding("cluster-down:a", Severity.CRITICAL, "No replica of cluster a answers.")
    ledger.reconcile_findings({down.key: down})
    book.keep(ledger, time.time())
    book.keep(ledger, time.time() + 6)
    return ledger


@pytest.fixture
def measured(home: Home) -> Home:
    """Ten minutes in which every hundredth request was answered badly."""
    now = time.time()
    kept = store.Store(home.series, Watch(), now=time.time)
    for ago in range(600, 0, -5):
        answers = {"2xx": 99.0, "5xx": 1.0}
        keys = {
            signal.of("portico_edge_responses_total", 0, door="https", code=code).key: count
            for code, count in answers.items()
        }
        kept.append(now - ago, keys)
    kept.close()
    return home


def test_incidents_are_listed_with_the_open_ones_last(troubled: Ledger, run: Run):
    lines = run("incidents").out.splitlines()
    assert [line.split()[:2] for line in lines[1:3]] == [["1", "info"], ["2", "critical"]]
    assert "Replica b1 died, and was started again" in lines[1]
    assert "No replica of cluster a answers." in lines[2]
    assert lines[-1] == "more: portico incidents 2"


def test_one_incident_tells_what_happened_and_what_to_press(troubled: Ledger, run: Run):
    out = run("incidents", "2").out
    assert out.startswith("incident 2, critical, open for ")
    assert "probably: cluster a as a whole" in out
    assert "runbook: docs/runbooks/cluster-down.md" in out
    assert "take it: portico ack 2" in out


def test_an_incident_as_json_has_its_findings_and_timeline(troubled: Ledger, run: Run):
    found = json.loads(run("incidents", "1", "--json").out)
    assert (found["severity"], found["open"], found["data"]["cause"]) == ("info", False, "replica")
    assert [one["key"] for one in found["findings"]] == ["replica-restarted:b1"]
    assert [line["text"] for line in found["timeline"]] == ["replica b1 died", "replica b1 was started"]
    assert found["story"].startswith("replica b1 died at ")
    assert len(json.loads(run("incidents", "--json").out)) == 2


def test_an_incident_that_never_was_is_told_with_where_to_look(ledger: Ledger, run: Run):
    ran = run("incidents", "7")
    assert ran.code == 2
    assert ran.err.splitlines() == ["error: there is no incident 7", "hint: portico incidents lists them"]


def test_no_incidents_is_said_so(ledger: Ledger, run: Run):
    assert run("incidents", "--since", "2h").out == "no incidents in the last 2h\n"


def test_promises_show_what_is_left_of_their_budgets(ledger: Ledger, measured: Home, run: Run):
    lines = run("slo").out.splitlines()
    assert lines[0].split()[:3] == ["objective", "target", "measured"]
    assert [line.split()[0] for line in lines[1:5]] == ["availability", "latency", "freshness", "integrity"]
    assert lines[1].split()[1:5] == ["99.95", "%", "99", "%"]
    assert "at this burn" in lines[1]
    assert "nothing was measured yet" in lines[2]


def test_promises_as_json_tell_budget_burn_and_forecast(ledger: Ledger, measured: Home, run: Run):
    (availability, *_) = json.loads(run("slo", "--json").out)
    assert availability["measured"] == pytest.approx(0.99)
    assert availability["burns"]["300s"] == pytest.approx(20, rel=0.1)
    assert 0.9 < availability["left"] < 1
    assert availability["forecast"].startswith("exhausted in")


def test_alerts_that_no_drill_has_fired_are_unproven(ledger: Ledger, run: Run):
    out = run("alerts").out
    assert out.count("unproven") == len(ALERTS) + 1
    assert f"{len(ALERTS)} alerts unproven: portico drill alert NAME" in out


def test_a_proven_alert_tells_in_how_many_seconds_it_was_sent_and_a_failed_one_that_it_failed(
    troubled: Ledger, run: Run
):
    troubled.record("drill.alert", "cluster-down", passed=True, seen_s=1.2, sent_s=6.25, how="live")
    troubled.record("drill.alert", "edge-down", passed=False, seen_s=None, sent_s=None, how="live")
    lines = {line.split()[0]: line for line in run("alerts").out.splitlines() if line}
    assert re.search(r"sent in 6\.25 s \d+ s ago", lines["cluster-down"])
    assert "firing" in lines["cluster-down"]
    assert "failed" in lines["edge-down"]


def test_alerts_as_json_are_for_scripts(troubled: Ledger, run: Run):
    found = {one["name"]: one for one in json.loads(run("alerts", "--json").out)}
    assert found.keys() == ALERTS.keys()
    down = found["cluster-down"]
    assert down["firing"] == [{"key": "cluster-down:a", "sentence": "No replica of cluster a answers."}]
    assert (down["proven"], down["source"], down["runbook"]) == (
        False,
        "keeper",
        "docs/runbooks/cluster-down.md",
    )


@pytest.fixture(params=[40, 60, 70])
def narrow(request: pytest.FixtureRequest, run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run` on a phone's terminal; nothing that it prints is cut."""
    monkeypatch.setenv("COLUMNS", str(request.param))

    def run_it(*args: str) -> Ran:
        screen.out.cache_clear()
        ran = run(*args)
        assert "…" not in ran.out
        return ran

    return run_it


def unwrapped(out: str) -> str:
    return " ".join(out.split())


def test_a_narrow_terminal_shows_each_incident_as_a_block(troubled: Ledger, narrow: Run):
    out = narrow("incidents").out
    assert out.startswith("1 info, over after ")
    (open_one,) = (
        place for place, line in enumerate(out.splitlines()) if line.startswith("2 critical, open")
    )
    assert out.splitlines()[open_one + 1].strip() == "No replica of cluster a answers."
    assert "probably: cluster a as a whole: its store, or what its replicas share began " in unwrapped(out)


@pytest.mark.parametrize("narrow", [40], indirect=True)
def test_a_narrow_terminal_shows_an_incidents_findings_whole(troubled: Ledger, narrow: Run):
    assert "critical No replica of cluster a answers. since " in unwrapped(narrow("incidents", "2").out)


def test_a_narrow_terminal_shows_each_promise_with_all_its_numbers(
    ledger: Ledger, measured: Home, narrow: Run
):
    lines = narrow("slo").out.splitlines()
    assert lines[0] == "availability: 99 %, promised 99.95 %"
    assert lines[1].strip() == "━━━━━━━━━━ 99 % of the budget left"
    assert lines[2].strip().startswith("burn 1 h ")
    assert "latency: promised 99 %" in lines


def test_a_narrow_terminal_shows_each_alert_with_its_state_and_proof(troubled: Ledger, narrow: Run):
    troubled.record("drill.alert", "anomaly", passed=True, seen_s=1.2, sent_s=None, how="fixture")
    out = unwrapped(narrow("alerts").out)
    for name, alert in ALERTS.items():
        assert f"{name}: {alert.severity}, " in out
        assert alert.meaning in out
    assert f"cluster-down: critical, firing {ALERTS['cluster-down'].meaning} unproven" in out
    assert re.search(r"seen, calls nobody \d+ s ago, by fixture", out)


@pytest.mark.parametrize("command", ["slo", "incidents", "alerts"])
def test_where_nothing_was_started_they_say_so(command: str, run: Run, tmp_path: Path):
    ran = run(command)
    assert ran.code == 5
    assert not (tmp_path / ".portico").exists()


def test_an_impossible_promise_is_refused_by_config_check_and_up(run: Run, tmp_path: Path):
    (tmp_path / "portico.toml").write_text("[slo]\navailability = 99.99\n[probes]\nevery_s = 60\n")
    for command in (["config", "check"], ["up", "--detach"]):
        ran = run(*command)
        assert ran.code == 3
        assert "99.99 % of 30 days leaves 259" in ran.err
        assert "60 s x 3" in ran.err
        assert "4 of them 786 s" in ran.err
        assert "hint: it would fit with probes/every_s of at most" in ran.err
