"""Their monitors and our alerts: who disagrees, and for how long."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from portico.config.models import Settings
from portico.model import Finding, Severity
from portico.watch.export.datadog import errands, mark
from portico.watch.export.datadog.api import Api
from portico.watch.export.datadog.book import Book, Made
from portico.watch.export.datadog.lane import Turns
from portico.watch.export.datadog.monitors import Comparison, Theirs, disagrees, read
from support import collecting, datadogstandin
from support.datadogstandin import Fault

OURS = (mark.MANAGED, "portico_site:abc")


@pytest.mark.parametrize(
    ("state", "alert", "firing", "expected"),
    [
        ("OK", "edge-errors", (), False),
        ("Alert", "edge-errors", ("edge-errors",), False),
        ("Alert", "edge-errors", ("disk-low",), True),
        ("OK", "edge-errors", ("edge-errors",), True),
        ("No Data", "edge-errors", (), True),
        ("No Data", None, (), False),
        ("No Data", "all", (), True),
        ("Alert", "all", (), False),
        ("OK", "all", ("edge-errors",), False),
        ("Alert", None, (), False),
        ("Warn", "edge-errors", (), False),
        ("Ignored", "edge-errors", (), False),
    ],
)
def test_who_says_something_else_than_we_do(state: str, alert: str | None, firing: tuple, expected: bool):
    assert disagrees(Theirs(1, "x", alert, state), firing, ()) is expected


def test_no_data_of_what_we_never_sent_is_no_disagreement():
    """A stack without forms has no numbers of them."""
    theirs = Theirs(1, "forms", "intake-stuck", "No Data", frozenset({"portico_intake_oldest_seconds"}))
    assert not disagrees(theirs, (), {"portico_edge_requests_total"})
    assert disagrees(theirs, (), {"portico_edge_requests_total", "portico_intake_oldest_seconds"})


def test_it_is_told_after_the_grace_and_not_before():
    comparison, theirs = Comparison(900.0), [Theirs(1, "errors", "edge-errors", "Alert")]
    assert comparison.look(0.0, theirs, (), ()) == ()
    assert comparison.look(890.0, theirs, (), ()) == ()
    [found] = comparison.look(960.0, theirs, (), ())
    assert (found.monitor, found.theirs, found.ours, found.for_s) == (1, "Alert", False, 960.0)


def test_who_agreed_in_between_begins_anew():
    comparison, theirs = Comparison(60.0), [Theirs(1, "errors", "edge-errors", "Alert")]
    comparison.look(0.0, theirs, (), ())
    assert comparison.look(50.0, theirs, ("edge-errors",), ()) == ()
    assert comparison.look(100.0, theirs, (), ()) == ()
    assert len(comparison.look(160.0, theirs, (), ())) == 1


def test_a_monitor_that_bears_our_tags_and_is_not_in_the_ledger_is_nobodys():
    answer = [
        {
            "id": 1,
            "name": "ours",
            "tags": [*OURS, "portico_alert:edge-errors"],
            "overall_state": "OK",
            "query": "sum(last_5m):sum:portico_edge_queue{portico_site:abc} by {x} > 1",
        },
        {"id": 2, "name": "a copy", "tags": [*OURS, "portico_alert:edge-errors"], "overall_state": "Alert"},
        {"id": 3, "name": "tags taken off", "tags": [], "overall_state": "Alert"},
    ]
    assert read(answer, OURS, {1, 3}) == [
        Theirs(1, "ours", "edge-errors", "OK", frozenset({"portico_edge_queue"}))
    ]


def test_the_monitors_that_we_made_are_asked_and_a_silent_service_says_nothing(tmp_path: Path):
    with datadogstandin.running() as datadog, collecting.watched(tmp_path / "home", Settings()) as watched:
        Book(watched.ledger).note("monitor-edge-errors", Made("monitor", "7"), "created")
        datadog.kept["monitor"]["7"] = {
            "id": 7, "name": "errors", "type": "query alert", "query": "q",
            "tags": [*OURS, "portico_alert:edge-errors"], "overall_state": "Alert",
        }  # fmt: skip
        errand = errands.Monitors(watched.ledger, OURS, Api(datadog.settings(tmp_path)), 0.0)
        lane = Turns(errand)
        lane.turn(time.monotonic())
        assert [(one.name, one.theirs, one.ours) for one in errand.disagreements] == [
            ("errors", "Alert", False)
        ]
        finding = Finding("edge-errors", Severity.WARNING, "Bad.")
        watched.ledger.reconcile_findings({finding.key: finding}, source="watch")
        lane.turn(time.monotonic() + 100)
        assert errand.disagreements == ()
        datadog.faults.append(Fault(404, operation="list_monitors"))
        lane.turn(time.monotonic() + 200)
        assert errand.disagreements == ()
        assert datadog.misfits == []


def test_without_monitors_of_ours_nothing_is_asked(tmp_path: Path):
    with datadogstandin.running() as datadog, collecting.watched(tmp_path / "home", Settings()) as watched:
        assert errands.Monitors(watched.ledger, OURS, Api(datadog.settings(tmp_path)), 60.0).do() == 0
        assert datadog.seen == []
