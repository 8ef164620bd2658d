from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from portico.config.models import Settings
from portico.keeper import deeds
from portico.kit.errors import PorticoError
from portico.respond.actions.situation import Situation


def situation(a: str = "up up", b: str = "up up", **status: Any) -> Situation:
    """Each cluster's replicas by their states."""
    clusters = [
        {
            "name": name,
            "state": "up",
            "drained": "drained" in states,
            "replicas": [
                {"name": f"{name}{number}", "state": state} for number, state in enumerate(states.split(), 1)
            ],
        }
        for name, states in (("a", a), ("b", b))
    ]
    mirror = {"state": "up", "behind": False}
    return Situation(
        1000.0, Settings(), status={"clusters": clusters, "mirror": mirror, **status}, seen_at=1000.0
    )


def test_draining_says_who_serves_then():
    deed = deeds.drain("a", situation(b="up down"))
    assert (deed.kind, deed.args, deed.name, deed.against) == ("drain", {"cluster": "a"}, "a", "")
    assert deed.words.endswith("cluster b serves alone, with 1 replica.")


def test_draining_the_last_healthy_cluster_is_told_to_be_refused():
    deed = deeds.drain("a", situation(b="down down"))
    assert deed.against == "a is the last healthy cluster"
    assert "the edge's cache and the mirror" in deed.words


def test_a_cluster_that_is_drained_can_be_undrained_only():
    now = situation(a="drained drained")
    assert deeds.drain("a", now).against == "cluster a is drained already"
    assert deeds.undrain("a", now).against == ""
    assert deeds.undrain("b", now).against == "cluster b is in service"


def test_undraining_waits_for_the_clusters_while_the_mirror_serves_alone():
    now = situation(a="drained drained", mirror_only=True)
    assert "mirror alone" in deeds.undrain("a", now).against
    assert deeds.clusters_again(now).against == ""


def test_restarting_a_replica_asks_for_its_clusters_name_and_says_who_serves_meanwhile():
    deed = deeds.restart("a1", situation())
    assert (deed.args, deed.name) == ({"target": "a1"}, "a")
    assert (
        deed.words
        == "Replica a1 finishes what it answers and is restarted; a2 of cluster a serves meanwhile."
    )


def test_the_last_replica_that_serves_is_told_to_be_refused():
    now = situation(a="up down", b="down down")
    assert deeds.restart("a1", now).against == "a1 is the last one that serves"


def test_restarting_all_names_each_replica_and_the_soak_between():
    deed = deeds.restart("all", situation())
    assert deed.name == "all"
    assert deed.words.startswith("a1, a2, b1 and b2 are restarted one at a time")
    assert "Between two clusters" in deed.words


def test_scaling_down_asks_for_the_name_and_scaling_up_does_not():
    down, up = deeds.scale("a", 1, situation()), deeds.scale("a", 3, situation())
    assert (down.name, up.name) == ("a", "")
    assert down.words.endswith("instead of 2: a2 finishes what it answers and ends.")
    assert up.args == {"cluster": "a", "replicas": 3}


def test_before_anything_was_seen_the_settings_say_what_there_is():
    now = Situation(0.0, Settings())
    assert deeds.targets(now) == ["all", "a", "b", "a1", "a2", "b1", "b2", "mirror"]
    assert deeds.scale("a", 2, now).against == "cluster a has 2 replicas"


def test_nothing_is_promised_from_a_state_that_nobody_looks_at_any_more():
    now = replace(situation(), now=2000.0)
    for deed in (deeds.drain("a", now), deeds.restart("all", now), deeds.scale("a", 3, now)):
        assert deed.against == "the keeper is silent, and nobody would carry it out"


@pytest.mark.parametrize(
    ("ask", "what"),
    [
        (lambda now: deeds.drain("c", now), "there is no cluster 'c'"),
        (lambda now: deeds.restart("a7", now), "there is nothing called 'a7'"),
        (lambda now: deeds.scale("a", 99, now), "got 99"),
        (lambda now: deeds.readmit("a9", now), "there is no replica 'a9'"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(ask, what):
    with pytest.raises(PorticoError, match=what) as refused:
        ask(situation())
    assert refused.value.hint
