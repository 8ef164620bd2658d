from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from portico.board import state
from portico.config.home import Home
from portico.kit import process
from portico.ledger.ledger import Ledger
from support import statuses

PIDS = {"edge": 2, "keeper": 3, "guard": 4, "mirror": 5, "a1": 11, "a2": 12, "b1": 21, "b2": 22}


def judged(*, gone: tuple[str, ...] = (), status: dict[str, Any] | None = None) -> state.State:
    living = {part: pid for part, pid in PIDS.items() if part not in gone}
    return state.judge(status or statuses.healthy(PIDS), living.get)


def test_a_healthy_status_stays_as_it_is():
    found = judged()
    assert [cluster["state"] for cluster in found["clusters"]] == ["up", "up"]
    assert found["edge"]["state"] == found["keeper"]["state"] == found["mirror"]["state"] == "up"


def test_a_replica_that_died_since_the_keeper_looked_is_down_and_its_cluster_degraded():
    cluster = judged(gone=("a1",))["clusters"][0]
    assert (cluster["replicas"][0]["state"], cluster["replicas"][0]["pid"]) == ("down", None)
    assert cluster["state"] == "degraded"


def test_a_cluster_without_living_replicas_is_down():
    assert judged(gone=("b1", "b2"))["clusters"][1]["state"] == "down"


def test_a_drained_cluster_stays_drained():
    status = statuses.healthy(PIDS)
    status["clusters"][0]["state"] = "drained"
    assert judged(status=status)["clusters"][0]["state"] == "drained"


def test_a_dead_keeper_is_shown_though_its_last_status_says_up():
    assert judged(gone=("keeper",))["keeper"] == {"pid": None, "state": "down", "tick_ms": 3.0}


def test_a_process_that_was_started_since_the_keeper_looked_is_starting():
    found = state.judge(statuses.healthy(PIDS), {**PIDS, "edge": 99}.get)
    assert (found["edge"]["pid"], found["edge"]["state"]) == (99, "starting")


def test_nothing_runs_when_nothing_is_alive():
    assert not state.runs(judged(gone=tuple(PIDS)))
    assert state.runs(judged(gone=tuple(PIDS.keys() - {"b2"})))


def test_the_gathered_state_has_every_part_before_the_first_look(tmp_path: Path):
    home = Home(tmp_path / "home").create()
    found = state.gather(home, Ledger(home.ledger))
    assert found["seen_ago"] is None
    assert found["clusters"] == found["findings"] == found["orders"] == []
    assert found["edge"]["pid"] is None


def test_the_gathered_state_goes_by_the_process_records(tmp_path: Path):
    home = Home(tmp_path / "home").create()
    ledger = Ledger(home.ledger, now=lambda: 100.0)
    ledger.see("status", statuses.healthy({**PIDS, "edge": os.getpid()}))
    ledger.order("scale", {"cluster": "a", "replicas": 3}, by="ada")
    me = process.of(os.getpid())
    assert me
    process.remember(home.record("edge"), me)
    found = state.gather(home, ledger, now=107.5)
    assert found["edge"]["state"] == "up"
    assert found["seen_ago"] == 7.5
    assert [(order["kind"], order["by"]) for order in found["orders"]] == [("scale", "ada")]


def test_a_keeper_that_runs_but_has_not_looked_for_long_is_hung(tmp_path: Path):
    home = Home(tmp_path / "home").create()
    ledger = Ledger(home.ledger, now=lambda: 100.0)
    ledger.see("status", statuses.healthy({**PIDS, "keeper": os.getpid()}))
    me = process.of(os.getpid())
    assert me
    process.remember(home.record("keeper"), me)
    assert state.gather(home, ledger, now=101.0)["keeper"]["state"] == "up"
    assert state.gather(home, ledger, now=130.0)["keeper"]["state"] == "hung"
