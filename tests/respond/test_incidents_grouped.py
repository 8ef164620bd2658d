"""Many findings, one incident: from the ledger's events to what people are told."""

from __future__ import annotations

import pytest

from portico.ledger import incidents as kept
from portico.ledger.ledger import Ledger
from portico.model import Finding, Severity
from portico.respond.incidents import book, grouping
from support.stories import BEGAN, Story

CRITICAL, WARNING, INFO = Severity.CRITICAL, Severity.WARNING, Severity.INFO


@pytest.fixture
def story(tmp_path):
    made = Story(tmp_path / "ledger.db")
    yield made
    made.ledger.close()


def test_a_finding_opens_an_incident_that_closes_when_it_was_over_for_a_while(story):
    story.find("site-unreachable:edge", CRITICAL)
    assert (story.one.severity, story.one.open) == (CRITICAL, True)
    assert story.one.title == "site-unreachable:edge is off."
    story.at(10).over("site-unreachable:edge")
    story.at(10 + grouping.QUIET_S - 1).keep()
    assert story.one.open
    story.at(11 + grouping.QUIET_S).keep()
    assert not story.one.open
    assert story.one.ended == BEGAN + 10
    assert story.told() == ["incident.opened", "incident.closed"]


def test_what_comes_again_soon_is_the_same_incident_and_later_a_new_one(story):
    for start in (0, 100, 1000):
        story.at(start).find("site-unreachable", CRITICAL)
        story.at(start + 5).over("site-unreachable")
        story.at(start + 60).keep()
    assert [incident.data.get("reopened", 0) for incident in story.all] == [1, 0]
    assert len(story.all[0].members) == 2


def test_a_cluster_that_is_down_swallows_its_replicas(story):
    story.find("cluster-down:a", CRITICAL, source="keeper")
    story.at(1).find("replica-hung:a2", source="keeper")
    story.at(2).find("replica-keeps-dying:a1", source="keeper")
    assert story.one.title == "cluster-down:a is off."
    swallowed = [member.key for member in story.one.members if "inhibited_by" in member.data]
    assert swallowed == ["replica-hung:a2", "replica-keeps-dying:a1"]
    assert story.one.title == "cluster-down:a is off."
    assert story.one.data["cause"] == "cluster"


def test_a_symptom_joins_its_cause_and_a_cause_its_symptom(story):
    story.find("site-unreachable", CRITICAL)
    story.at(3).find("edge-down", CRITICAL, source="keeper")
    story.at(20).find("slo-burning-fast:availability", CRITICAL)
    assert len(story.one.members) == 3
    assert story.one.data["cause"] == "edge"
    assert story.one.title == "edge-down is off."


def test_troubles_of_other_places_and_minutes_are_other_incidents(story):
    story.find("replica-keeps-dying:a1", source="keeper")
    story.at(200).find("replica-keeps-dying:b1", source="keeper")
    story.at(210).find("certificate-expiring", source="keeper")
    assert len(story.all) == 3


def test_several_clusters_in_one_minute_have_a_common_cause(story):
    story.find("cluster-down:a", CRITICAL, source="keeper")
    story.at(2).find("cluster-down:b", CRITICAL, source="keeper")
    assert story.one.data["cause"] == "common"
    assert story.one.data["clusters"] == ["a", "b"]
    assert "clusters a and b" in story.one.cause


def test_the_machine_is_the_cause_of_what_happens_on_it(story):
    story.find("disk-low", CRITICAL)
    story.at(20).find("chore-failed:CollectGarbage", CRITICAL, source="keeper")
    story.at(30).find("replica-keeps-dying:a1", source="keeper")
    assert story.one.data["cause"] == "machine"


def test_a_machine_that_is_out_of_breath_since_then_is_not_the_cause(story):
    story.happen("edge.died", "edge", pid=1)
    story.at(10).find("host-out-of-breath")
    assert story.one.data["cause"] == "edge"


def test_what_visitors_notice_right_after_a_publish_is_the_publishs(story):
    story.happen("live", "f" * 64, before="e" * 64, order=7)
    story.at(40).find("slo-burning-fast:latency", CRITICAL)
    assert story.one.data["cause"] == "publish"
    assert (story.one.data["snapshot"], story.one.data["before"]) == ("f" * 64, "e" * 64)
    assert "live 40 s before" in story.one.cause


@pytest.mark.parametrize(
    ("key", "cause"),
    [
        ("certificate-wrong", "certificate"),
        ("edge-flood", "load"),
        ("body-refused:a:3f9a2c71", "store"),
        ("memory-low", "machine"),
        ("replica-memory:b2", "replica"),
        ("cluster-answers-wrong:b", "cluster"),
    ],
)
def test_what_else_was_found_is_the_cause_of_what_visitors_notice(story, key, cause):
    story.find("site-unreachable:edge", CRITICAL)
    story.at(20).find(key, CRITICAL)
    assert story.one.data["cause"] == cause


def test_what_a_person_ordered_just_before_is_named(story):
    number = story.ledger.order("restart", {"target": "a"}, by="anna")
    story.at(20).find("replica-errors:a1")
    assert story.one.data["cause"] == "order"
    assert story.one.cause == f"order {number} by anna: restart a"


def test_an_order_about_another_cluster_is_no_cause(story):
    story.ledger.order("undrain", {"cluster": "b"}, by="anna")
    story.at(5).find("cluster-down:a", CRITICAL)
    assert story.one.data["cause"] != "order"


def test_what_one_cluster_is_relieved_of_falls_to_the_other(story):
    words = "Drain cluster b: visitors are served by cluster a alone."
    story.ledger.order("drain", {"cluster": "b", "words": words}, by="anna")
    story.at(5).find("cluster-down:a", CRITICAL)
    assert story.one.cause == "order 1 by anna: drain cluster b: visitors are served by cluster a alone"


def test_a_publish_long_before_or_beside_a_dead_replica_is_not_the_cause(story):
    story.happen("live", "f" * 64, before=None, order=7)
    story.at(20).restart("a1")
    assert story.one.data["cause"] == "replica"
    story.at(3000).find("slo-burning-fast:latency", CRITICAL)
    assert story.all[-1].data["cause"] == ""


def test_a_replica_that_was_mended_unseen_is_told_as_a_closed_incident(story):
    story.restart("a2", after=0.4)
    assert (story.one.severity, story.one.open) == (INFO, True)
    story.at(60).keep(harm=lambda _start, _end: 0)
    assert not story.one.open
    assert story.one.title == "Replica a2 died, and was started again 0.4 s later."
    assert story.one.cause == "the process of a2 alone"
    assert story.one.data["affected"] == 0


def test_a_replica_that_hangs_and_is_killed_is_one_trouble(story):
    story.happen("replica.hung", "a2", cluster="a")
    story.find("replica-hung:a2", source="keeper")
    story.at(0.3).over("replica-hung:a2", source="keeper")
    story.restart("a2")
    assert [member.key for member in story.one.members] == ["replica-hung:a2", "replica-restarted:a2"]
    assert all(member.over for member in story.one.members)


def test_a_replica_that_is_never_started_again_holds_no_incident_open_for_ever(story):
    story.happen("replica.died", "a2", cluster="a")
    story.at(800).keep()
    assert story.one.open
    story.at(901).keep()
    story.at(1000).keep()
    assert not story.one.open


def test_what_comes_again_long_after_is_told_anew_though_something_else_goes_on(story):
    story.find("disk-low")
    story.at(5).find("site-unreachable:edge", CRITICAL)
    story.at(60).over("site-unreachable:edge")
    story.at(7200).find("site-unreachable:edge", CRITICAL)
    assert len(story.all) == 2


def test_a_page_that_somebody_altered_hides_in_no_other_incident(story):
    story.find("cluster-answers-wrong:a", CRITICAL)
    story.at(20).find("page-defaced:edge", CRITICAL)
    assert len(story.all) == 2


def test_evidence_ends_with_its_incident(story):
    story.find("anomaly:cpu", INFO)
    story.find("site-unreachable:edge", CRITICAL)
    story.at(5).over("site-unreachable:edge")
    story.at(60).keep()
    assert all(member.over for member in story.one.members)


def test_what_the_keeper_mends_at_once_calls_nobody(story):
    story.find("replica-hung:a1", WARNING, source="keeper")
    story.at(0.9).over("replica-hung:a1", source="keeper")
    story.at(60).keep()
    assert (story.one.severity, story.one.open) == (INFO, False)
    assert story.one.title == "replica-hung:a1 is off. Mended 0.9 s later."


def test_that_something_critical_was_mended_at_once_is_a_warning_once_it_is(story):
    story.find("cluster-down:a", CRITICAL, source="keeper")
    assert story.one.severity is INFO
    story.at(0.9).over("cluster-down:a", source="keeper")
    assert story.one.severity is WARNING
    assert story.one.title == "cluster-down:a is off. Mended 0.9 s later."


def test_what_a_measuring_drill_breaks_is_marked_as_its_own(story):
    story.ledger.see("drill.running", {"name": "cluster", "until": story.ledger.now + 60})
    story.find("cluster-down:a", CRITICAL, source="keeper")
    assert story.one.data["drill"] == "drill cluster"


def test_what_the_keeper_does_not_mend_in_time_calls_people(story):
    story.find("cluster-down:a", CRITICAL, source="keeper")
    story.at(4).keep()
    assert story.one.severity is INFO
    story.at(5).keep()
    assert story.one.severity is CRITICAL
    assert story.told() == ["incident.opened", "incident.changed"]


def test_what_the_keeper_must_mend_too_often_calls_people_at_once(story):
    for start in (0, 600, 1200):
        story.at(start).find("edge-down", CRITICAL, source="keeper")
        story.at(start + 1).over("edge-down", source="keeper")
    assert [incident.severity for incident in story.all] == [WARNING, WARNING, CRITICAL]


def test_what_is_mended_again_and_again_is_told_to_people(story):
    for start in (0, 900, 1800):
        story.at(start).restart("a1")
        story.at(start + 60).keep()
    assert [incident.severity for incident in story.all] == [INFO, INFO, WARNING]
    assert "its third failure within 1 h" in story.all[-1].title


def test_evidence_opens_no_incident_and_holds_none_open(story):
    story.find("anomaly:cpu", INFO)
    assert story.all == []
    story.at(5).find("site-unreachable", CRITICAL)
    story.at(8).find("anomaly:memory", INFO)
    assert [member.key for member in story.one.members] == [
        "anomaly:cpu",
        "site-unreachable",
        "anomaly:memory",
    ]
    story.at(10).over("site-unreachable")
    story.at(60).keep()
    assert not story.one.open


def test_what_is_practised_never_mixes_with_what_is_real(story):
    story.find("edge-down", CRITICAL, source="keeper")
    story.at(1).find("site-unreachable", CRITICAL, drill=True)
    assert [incident.data.get("drill") for incident in story.all] == [None, "site-unreachable"]
    assert story.all[1].data["cause"] == "drill"


def test_what_a_drills_damage_does_is_practised_too(story):
    asked = {"name": "cluster-down", "until": BEGAN + 30, "live": True}
    story.ledger.see("drill.alert", asked)
    story.at(1).restart("a1")
    story.at(2).find("cluster-down:a", CRITICAL, source="keeper")
    assert story.one.data["drill"] == "cluster-down"
    story.ledger.see("drill.alert", None)
    story.at(3).find("replica-hung:b1", source="keeper")
    assert len(story.all) == 2


def test_each_drill_is_an_incident_of_its_own(story):
    for start, key in ((0, "mirror-behind:drill"), (20, "disk-low"), (40, "disk-low")):
        story.at(start).find(key, drill=key.partition(":")[0], drill_at=BEGAN + start + 60)
        story.at(start + 5).over(key)
    assert [incident.data["drill"] for incident in story.all] == ["mirror-behind", "disk-low", "disk-low"]


def test_if_the_checker_is_wrong_nobody_acts(story):
    story.find("site-unreachable", CRITICAL)
    story.at(5).find("checker-wrong", CRITICAL, hands_off=True)
    assert story.one.data["hands_off"] is True
    assert story.one.data["cause"] == "checker"
    assert story.one.title == "checker-wrong is off."


def test_a_finding_that_gets_worse_makes_its_incident_worse(story):
    story.find("certificate-expiring", WARNING, source="keeper")
    story.at(60).find("certificate-expiring", CRITICAL, source="keeper")
    assert story.one.severity is CRITICAL
    assert story.told() == ["incident.opened", "incident.changed"]


def test_findings_of_before_the_first_call_are_taken_over(tmp_path):
    ledger = Ledger(tmp_path / "ledger.db", now=lambda: BEGAN)
    ledger.reconcile_findings({"edge-down": Finding("edge-down", CRITICAL, "The edge is down.")})
    book.keep(ledger, BEGAN + 50)
    (incident,) = kept.current(ledger)
    assert incident.opened == BEGAN
    ledger.close()


def test_news_of_an_hour_are_worked_in_as_if_each_had_come_in_time(story, tmp_path):
    away = Ledger(tmp_path / "ledger.db", now=lambda: story.now)
    for start in (0, 1200):
        story.at(start)
        away.record("replica.died", "a1", cluster="a")
        away.record("replica.started", "a1", cluster="a")
    story.at(3600).keep()
    away.close()
    assert [(i.open, i.opened - BEGAN) for i in story.all] == [(False, 0), (False, 1200)]


def test_an_incident_is_acknowledged_once(story):
    story.find("edge-down", CRITICAL, source="keeper")
    assert kept.acknowledge(story.ledger, story.one.id, "anna")
    assert not kept.acknowledge(story.ledger, story.one.id, "bert")
    story.at(1).find("site-stale:edge")
    assert story.one.acknowledged_by == "anna"


def test_a_critical_trouble_that_joins_after_that_is_another_question(story):
    story.find("site-stale:edge", CRITICAL)
    kept.acknowledge(story.ledger, story.one.id, "anna")
    story.at(5).find("site-unreachable", CRITICAL)
    assert story.one.acknowledged is None
    (asked,) = story.ledger.events(kind="incident.asked_again")
    assert asked.data == {"why": "site-unreachable is off.", "answered": "anna"}
    assert story.one.data["asked_again"] == story.now
    assert kept.acknowledge(story.ledger, story.one.id, "bert")
    story.at(20).over("site-stale:edge")
    story.at(30).find("site-stale:edge", CRITICAL)
    assert story.one.acknowledged_by == "bert", "what was known when it was acknowledged asks nothing"


def test_what_was_acknowledged_while_it_might_be_mended_asks_nothing_when_it_is_not(story):
    story.find("edge-down", CRITICAL, source="keeper")
    kept.acknowledge(story.ledger, story.one.id, "anna")
    story.at(4).keep()
    assert (story.one.severity, story.one.acknowledged_by) == (CRITICAL, "anna")


def test_what_comes_again_after_its_end_is_another_question_too(story):
    story.find("site-unreachable", CRITICAL)
    kept.acknowledge(story.ledger, story.one.id, "anna")
    story.at(10).over("site-unreachable")
    story.at(60).keep()
    story.at(120).find("site-unreachable", CRITICAL)
    assert (story.one.open, story.one.acknowledged) == (True, None)


def test_a_call_without_news_writes_nothing(story):
    story.find("site-unreachable:edge", CRITICAL)
    before = story.ledger.ask("SELECT total_changes()")
    for second in range(100):
        story.at(second).keep()
    assert story.ledger.ask("SELECT total_changes()") == before
