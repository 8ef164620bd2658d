"""Troubles of a busy night: what has one cause is one incident, and nothing else is drawn into it."""

from __future__ import annotations

import itertools

import pytest

from portico.ledger import incidents as kept
from portico.model import Severity
from portico.respond.incidents import grouping
from support.stories import BEGAN, Story

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING


@pytest.fixture
def story(tmp_path):
    made = Story(tmp_path / "ledger.db")
    yield made
    made.ledger.close()


def test_a_replica_the_edge_the_mirror_and_the_keeper_that_fail_one_after_the_other_are_four(story):
    story.at(0).restart("a1")
    story.at(20).restart_edge()
    story.at(90).restart("mirror")
    story.at(150).find("keeper-down", CRITICAL)
    assert story.keys == [
        ["replica-restarted:a1"],
        ["edge-restarted"],
        ["replica-restarted:mirror"],
        ["keeper-down"],
    ]
    assert [one.data["cause"] for one in story.all] == ["replica", "edge", "replica", ""]


def test_a_machine_out_of_breath_all_the_while_draws_none_of_them_in(story):
    story.find("host-out-of-breath")
    story.at(20).restart("a1")
    story.at(40).restart_edge()
    story.at(60).find("keeper-down", CRITICAL)
    assert story.keys[1:3] == [["replica-restarted:a1"], ["edge-restarted"]]
    assert story.keys[0] == ["host-out-of-breath", "keeper-down"], "a machine without breath does stop it"


def test_all_replicas_at_the_same_time_are_one_whatever_happened_before(story):
    story.at(0).restart("a1")
    story.at(60).restart("b1")
    story.at(125).restart("a1")
    for name in ("a1", "a2", "b1", "b2"):
        story.at(145).happen("replica.hung", name, cluster=name[0])
    together = story.all[-1]
    assert {one.key[-2:] for one in together.members if one.since == BEGAN + 145} == {"a1", "a2", "b1", "b2"}
    assert together.data["cause"] == "common"


def test_what_was_mended_unseen_comes_not_again(story):
    story.restart_edge()
    story.at(100).keep()
    story.at(120).restart_edge()
    assert [one.opened - BEGAN for one in story.all] == [0, 120]


def test_what_comes_again_is_no_more_without_harm(story):
    story.find("site-unreachable", CRITICAL)
    story.at(5).over("site-unreachable")
    story.at(60).keep(harm=lambda _start, _end: 0)
    assert story.one.data["affected"] == 0
    story.at(90).find("site-unreachable", CRITICAL)
    assert "affected" not in story.one.data


def test_an_edge_that_stops_is_the_cause_of_what_looks_see_then(story):
    story.find("edge-down", CRITICAL, source="keeper")
    story.at(6).find("site-unreachable", CRITICAL)
    story.at(66).find("watch-blind:edge")
    story.at(90).find("slo-burning-fast:availability", CRITICAL)
    assert story.one.data["cause"] == "edge"


def test_an_edge_that_dies_after_the_first_trouble_is_not_its_cause(story):
    story.find("site-unreachable", CRITICAL)
    story.at(40).restart_edge()
    assert story.keys == [["site-unreachable"], ["edge-restarted"]]
    assert story.all[0].cause == ""


def test_a_machine_out_of_breath_hangs_the_replicas_of_one_cluster_after_the_other(story):
    story.find("host-out-of-breath")
    story.at(30).find("replica-hung:a1", source="keeper")
    story.at(90).find("replica-hung:b1", source="keeper")
    assert story.one.data["cause"] == "machine"


def test_what_a_publish_breaks_is_one_incident_and_the_publish_its_cause(story):
    story.happen("live", "f" * 64, before="e" * 64)
    story.at(15).find("edge-errors", CRITICAL)
    story.at(21).find("site-unreachable", CRITICAL)
    story.at(80).find("slo-burning-fast:availability", CRITICAL)
    assert story.one.data["cause"] == "publish"


def test_by_what_joined_later_nothing_joins(story):
    story.find("site-slow-outside")
    for number in range(1, 10):
        story.at(110 * number).find(f"slo-burning-fast:{number}", CRITICAL)
        story.at(110 * number + 50).find(f"edge-errors:{number}", CRITICAL)
    late = [one for one in story.all[0].members if one.since - BEGAN > grouping.YOUNG_S]
    assert all(one.alert.startswith("slo-") for one in late)
    assert len(story.all) > 1


def test_another_cluster_a_minute_later_is_another_incident_though_visitors_notice(story):
    story.find("cluster-down:a", CRITICAL, source="keeper")
    story.at(6).find("site-unreachable", CRITICAL)
    story.at(70).find("cluster-down:b", CRITICAL, source="keeper")
    assert story.keys == [["cluster-down:a", "site-unreachable"], ["cluster-down:b"]]


def test_clusters_that_fail_while_the_edge_explains_what_visitors_notice_are_apart(story):
    story.happen("live", "f" * 64, before="e" * 64)
    story.at(60).find("edge-down", CRITICAL, source="keeper")
    story.at(65).find("site-unreachable", CRITICAL)
    story.at(74).find("cluster-down:a", CRITICAL, source="keeper")
    story.at(74).find("cluster-down:b", CRITICAL, source="keeper")
    assert story.keys == [["edge-down", "site-unreachable"], ["cluster-down:a", "cluster-down:b"]]
    assert story.all[0].data["cause"] == "edge"


def test_whatever_befalls_the_keeper_is_of_one_place(story):
    story.find("keeper-down", CRITICAL)
    story.at(40).find("keeper-restarted")
    story.at(50).find("notify-failing:mail")
    assert story.keys == [["keeper-down", "keeper-restarted"], ["notify-failing:mail"]]


def test_troubles_of_one_alert_at_other_places_stay_apart(story):
    story.find("notify-failing:mail")
    story.at(60).find("notify-failing:chat")
    assert len(story.all) == 2


AT_ONCE = (
    (("edge-down", CRITICAL), ("site-unreachable", CRITICAL), ("edge-queue", WARNING)),
    (("cluster-down:a", CRITICAL), ("cluster-down:b", CRITICAL), ("site-unreachable", CRITICAL)),
    (("replica-hung:a1", WARNING), ("replica-hung:a2", WARNING), ("cluster-down:a", CRITICAL)),
    (("host-out-of-breath", WARNING), ("replica-hung:b1", WARNING), ("site-slow-outside", WARNING)),
    (("keeper-down", CRITICAL), ("cluster-down:a", CRITICAL), ("site-unreachable", CRITICAL)),
    (("page-defaced", CRITICAL), ("cluster-down:a", CRITICAL), ("certificate-expiring", WARNING)),
)


@pytest.mark.parametrize("troubles", AT_ONCE)
def test_the_order_within_a_second_does_not_matter(tmp_path, troubles):
    found = set()
    for number, order in enumerate(itertools.permutations(troubles)):
        story = Story(tmp_path / f"{number}.db")
        for place, (key, severity) in enumerate(order):
            story.at(0.3 * place).find(key, severity)
        story.at(30).keep()
        groups = frozenset(frozenset(one.key for one in incident.members) for incident in story.all)
        found.add((groups, frozenset(incident.data["cause"] for incident in story.all)))
        story.ledger.close()
    assert len(found) == 1


def test_what_is_still_open_in_an_incident_is_told_with_its_cause(story):
    story.find("edge-down", CRITICAL, source="keeper")
    story.at(6).find("site-unreachable", CRITICAL)
    (incident,) = kept.current(story.ledger)
    assert (incident.title, incident.cause) == ("edge-down is off.", "the edge died or hung")


def test_evidence_that_rises_to_a_trouble_of_another_cluster_is_an_incident_of_its_own(story):
    """As evidence it was noticed beside the first; as a trouble it struck somebody else, and later."""
    story.at(0).find("edge-flood", Severity.INFO)
    story.happen("replica.died", "b1", pid=1, cluster="b")
    story.at(11).find("body-refused:a:3f9a", Severity.INFO, cluster="a")
    story.at(12).find("body-refused:a:3f9a", WARNING, cluster="a")
    assert story.keys == [["replica-restarted:b1"], ["body-refused:a:3f9a"]]
    noticed = [one for one in story.all[0].members if one.key == "body-refused:a:3f9a"]
    assert [(one.since, one.over) for one in noticed] == [(BEGAN + 11, BEGAN + 12)], (
        "there it was, for a while"
    )


def test_evidence_that_rises_where_it_was_noticed_joins_that_incident(story):
    story.at(0).find("cluster-down:a", CRITICAL, cluster="a")
    story.at(3).find("body-refused:a:3f9a", Severity.INFO, cluster="a")
    story.at(4).find("body-refused:a:3f9a", WARNING, cluster="a")
    assert story.keys == [["cluster-down:a", "body-refused:a:3f9a"]]
    story.at(9).over("body-refused:a:3f9a")
    assert story.all[0].members[-1].over == BEGAN + 9


def test_what_was_only_evidence_does_not_count_as_a_failure_before(story):
    for minute in range(3):
        story.at(60 * minute).find("keeper-down", CRITICAL)
        story.find("anomaly:cpu", Severity.INFO)
        story.at(60 * minute + 5).over("keeper-down")
        story.over("anomaly:cpu")
    assert kept.times_seen(story.ledger, "keeper-down", BEGAN) == 3
    assert kept.times_seen(story.ledger, "anomaly:cpu", BEGAN) == 0
