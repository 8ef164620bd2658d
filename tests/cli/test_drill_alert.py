"""`portico drill alert`: which alerts, and what would be done to the stack."""

from portico.cli import proving
from portico.recover.proof import Proof
from portico.recover.strikes import STRIKES
from portico.watch.alerts.table import ALERTS


def test_what_would_be_done_is_told_for_each_alert(run):
    said = run("drill", "alert", "all", "--dry-run")
    assert said.code == 0
    lines = said.out.splitlines()
    assert "would fire cluster-down by real damage" in lines
    assert "would fire disk-low by its fixture" in lines
    assert len(lines) == len(ALERTS)


def test_damage_is_made_only_for_alerts_that_there_are():
    assert STRIKES.keys() <= ALERTS.keys()


def test_every_alert_that_the_watcher_judges_can_be_fired_by_its_fixture():
    unarmed = [name for name, one in ALERTS.items() if one.rule and not (one.fires.points or one.fires.facts)]
    assert unarmed == []


def test_an_unknown_alert_is_told_with_those_that_there_are(run):
    said = run("drill", "alert", "earthquake")
    assert said.code == 2
    assert "there is no alert 'earthquake'" in said.err
    assert "cluster-down" in said.err


def test_an_alert_must_be_named(run):
    said = run("drill", "alert")
    assert said.code == 2
    assert "expected an alert's name" in said.err
    assert "portico alerts" in said.err


def test_an_alert_that_only_informs_is_recorded_where_others_are_sent(capsys):
    for name, sent in (("anomaly", None), ("cluster-down", 2.5)):
        proving.show(Proof(name, "fixture", "its fixture", seen_s=1.5, sent_s=sent))
    calm, pager = capsys.readouterr().out.splitlines()
    assert "seen 1.50 s  recorded " in calm
    assert "seen 1.50 s  sent 2.50 s" in pager
