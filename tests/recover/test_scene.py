from __future__ import annotations

import copy
from typing import Any

from portico.recover import scene

WELL: dict[str, Any] = {
    "edge": {"state": "up"},
    "mirror": {"state": "up"},
    "clusters": [
        {"name": "a", "drained": False, "replicas": [{"name": "a1", "state": "up"}]},
        {"name": "b", "drained": False, "replicas": [{"name": "b1", "state": "up"}]},
    ],
    "findings": [{"severity": "warning", "sentence": "a1 keeps dying"}],
    "orders": [],
}


def but(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(WELL), **changes}


def test_a_healthy_stack_is_fit_for_a_drill_whatever_it_is_warned_of():
    assert scene.troubles(WELL, 0.5) == []


def test_a_stack_that_nobody_looks_at_is_not_fit():
    assert scene.troubles(WELL, 60) == ["the keeper's last look is 60 s old"]


def test_what_is_not_up_is_named():
    status = but(edge={"state": "down"})
    status["clusters"][1]["replicas"][0]["state"] = "starting"
    assert scene.troubles(status, 0.5) == ["the edge is down", "b1 is starting"]


def test_a_drained_cluster_is_no_place_for_a_drill():
    status = but()
    status["clusters"][0]["drained"] = True
    assert scene.troubles(status, 0.5) == ["cluster a is drained"]


def test_an_open_order_and_a_critical_finding_come_first():
    orders = [{"id": 7, "kind": "publish"}]
    findings = [{"severity": "critical", "sentence": "The edge doesn't run."}]
    said = scene.troubles(but(orders=orders, findings=findings), 0.5)
    assert said == ["The edge doesn't run.", "order 7 (publish) is open"]
