"""What is off is opened once and is over once, however often it is looked at."""

import sqlite3

from portico.ledger.ledger import Ledger
from portico.model import Finding, Severity

DOWN = Finding("cluster-down:a", Severity.CRITICAL, "Cluster a answers nothing.")
DYING = Finding("replica-keeps-dying:a1", Severity.WARNING, "a1 died 5 times.")


def found(*findings):
    return {finding.key: finding for finding in findings}


def kinds(ledger):
    return [(event.kind, event.subject) for event in ledger.events()]


def test_a_new_finding_is_opened_with_an_event(open_ledger):
    ledger = open_ledger(now=lambda: 100.0)
    ledger.reconcile_findings(found(DOWN))
    assert ledger.findings() == [(DOWN, 100.0)]
    (event,) = ledger.events()
    assert (event.kind, event.subject) == ("finding.open", DOWN.key)
    assert event.data == {"severity": "critical", "sentence": DOWN.sentence}


def test_a_finding_that_stays_writes_nothing_and_keeps_its_time(open_ledger):
    clock = iter(range(100, 200))
    ledger = open_ledger(now=lambda: next(clock))
    for _ in range(5):
        ledger.reconcile_findings(found(DOWN))
    assert len(ledger.events()) == 1
    since = ledger.findings()[0][1]
    ledger.reconcile_findings(found(DOWN, DYING))
    assert {finding.key: at for finding, at in ledger.findings()}[DOWN.key] == since


def test_a_finding_that_is_over_is_settled_with_an_event(ledger):
    ledger.reconcile_findings(found(DOWN, DYING))
    ledger.reconcile_findings(found(DYING))
    assert [finding for finding, _ in ledger.findings()] == [DYING]
    assert kinds(ledger)[-1] == ("finding.over", DOWN.key)


def test_a_finding_that_comes_again_is_a_new_one(ledger):
    for now in (found(DOWN), found(), found(DOWN)):
        ledger.reconcile_findings(now)
    assert kinds(ledger) == [(kind, DOWN.key) for kind in ("finding.open", "finding.over", "finding.open")]


def test_findings_outlive_the_process(ledger, open_ledger):
    ledger.reconcile_findings(found(DOWN))
    later = open_ledger()
    later.reconcile_findings(found(DOWN))
    assert len(later.events()) == 1


def test_what_was_wanted_and_seen_last_is_what_counts(open_ledger):
    ledger = open_ledger(now=lambda: 5.0)
    for value in ("f00", "ba5"):
        ledger.want("snapshot", value)
        ledger.see("status", {"snapshot": value})
    assert ledger.wanted() == {"snapshot": "ba5"}
    assert ledger.seen("status") == ({"snapshot": "ba5"}, 5.0)
    assert ledger.seen("nothing") is None


def test_each_finder_speaks_of_its_own_findings_only(open_ledger):
    ledger = open_ledger()
    ledger.reconcile_findings(found(DOWN), source="keeper")
    ledger.reconcile_findings(found(DYING), source="watch")
    ledger.reconcile_findings({}, source="keeper")
    assert [finding for finding, _ in ledger.findings()] == [DYING]


def test_a_finding_that_gets_worse_is_told_and_keeps_its_time(open_ledger):
    clock = iter(range(100, 200))
    ledger = open_ledger(now=lambda: next(clock))
    ledger.reconcile_findings(found(DYING))
    since = ledger.findings()[0][1]
    worse = Finding(DYING.key, Severity.CRITICAL, "a1 died 50 times.")
    ledger.reconcile_findings(found(worse))
    assert ledger.findings() == [(worse, since)]
    assert kinds(ledger) == [("finding.open", DYING.key), ("finding.changed", DYING.key)]


def test_where_a_finding_is_stands_in_its_event(open_ledger):
    ledger = open_ledger()
    ledger.reconcile_findings(found(Finding("disk-low:/", Severity.WARNING, "Full.", {"part": "host"})))
    assert ledger.findings()[0][0].data == {"part": "host"}
    assert ledger.events()[0].data["where"] == {"part": "host"}


def test_a_ledger_of_before_the_watcher_goes_on(tmp_path):
    with sqlite3.connect(tmp_path / "old.db") as old:
        old.execute(
            "CREATE TABLE findings (key TEXT PRIMARY KEY, severity TEXT NOT NULL,"
            " sentence TEXT NOT NULL, since REAL NOT NULL) STRICT"
        )
        old.execute("INSERT INTO findings VALUES ('cluster-down:a', 'critical', 'Down.', 7)")
    old.close()
    ledger = Ledger(tmp_path / "old.db")
    assert ledger.findings() == [(Finding("cluster-down:a", Severity.CRITICAL, "Down."), 7)]
    ledger.reconcile_findings({})
    assert ledger.findings() == []
    ledger.close()
