from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from portico.board import board
from portico.board.cell import COLUMNS, Cell
from portico.board.numbers import Numbers
from portico.board.past import Past
from portico.board.seen import Looker, Seen
from portico.model import Event, Order
from support import consoles, paperstack
from support.paperstack import NOW


def cells(seen: Seen) -> dict[str, Cell]:
    return {cell.promise: cell for row in board.of(seen).rows for cell in row}


def event(kind: str, subject: str = "", at: float = NOW - 60, **data: object) -> Event:
    return Event(1, at, kind, subject, data, "")


def test_there_are_three_columns_of_three_cells_each_with_its_evidence():
    rows = board.of(consoles.seen()).rows
    assert [[cell.column for cell in row] for row in rows] == [list(COLUMNS)] * 3
    assert all(cell.evidence.href and cell.evidence.command for row in rows for cell in row)


def test_on_a_quiet_night_every_cell_has_a_number_and_its_age():
    found = cells(consoles.seen())
    assert [name for name, cell in found.items() if not cell.value or cell.at is None] == []


def test_nothing_is_claimed_of_a_stack_that_nobody_started():
    found = cells(consoles.seen("empty"))
    unsaid = {name for name, cell in found.items() if cell.says.startswith("not measured yet")}
    assert unsaid == found.keys() - {"Action"}
    assert {cell.tone for cell in found.values()} == {"none"}


def test_scanning_says_that_no_scan_has_run():
    assert "no scan has run" in cells(consoles.seen())["Action"].more


def test_a_scan_that_ran_is_told_with_its_age():
    seen = consoles.seen()
    done = event("scan.done", at=NOW - 7200, ok=True)
    cell = cells(replace(seen, past=replace(seen.past, scan=done)))["Action"]
    assert cell.more == "Scanned 2 h ago, clean"
    assert cell.tone == "good"


def test_a_dead_cluster_makes_availability_bad_though_the_month_was_good():
    cell = cells(consoles.seen("incident"))["High availability"]
    assert cell.tone == "bad"
    assert cell.more.startswith("1 of 2 clusters serve")


def test_a_drained_cluster_is_a_wish_and_no_loss(tmp_path: Path):
    with consoles.told(tmp_path) as desk:
        desk.ledger.see("status", paperstack.status(drained=("a",)))
        page = consoles.client(desk).get("/").text
        found = cells(Looker(desk).look())
    assert '<p id="pulse" class="pulse"><a class="chip calm" href="/operate">' in " ".join(page.split())
    assert found["High availability"].tone == "calm"
    assert found["High availability"].more.startswith("1 of 2 clusters serve and 1 is drained")
    assert found["Workload handled"].more.startswith("2 of 4 replicas serve, 2 drained")


def test_what_died_beside_a_drained_cluster_is_bad_all_the_same(tmp_path: Path):
    with consoles.told(tmp_path, "incident") as desk:
        desk.ledger.see("status", paperstack.status(drained=("a",), down=("b1", "b2")))
        assert cells(Looker(desk).look())["High availability"].tone == "bad"


def test_a_share_is_told_with_the_time_that_was_measured():
    seen = consoles.seen()
    young = tuple(replace(one, measured_s=180.0) for one in seen.promises)
    says = cells(replace(seen, promises=young))["High availability"].says
    assert says.endswith("were answered well, in 3\u00a0min that were measured")
    whole = tuple(replace(one, measured_s=one.window_s) for one in seen.promises)
    assert cells(replace(seen, promises=whole))["High availability"].says.endswith("in 30\u00a0d")


def test_one_dead_replica_is_to_be_watched_only():
    assert cells(consoles.seen("drill"))["High availability"].tone == "fair"


def test_processes_that_are_not_back_are_named():
    assert "b1, b2 not back yet" in cells(consoles.seen("incident"))["Fault tolerance"].more


def test_a_drill_that_failed_last_time_is_bad_whatever_passed_before():
    seen = consoles.seen()
    lost = event("drill", "cluster", result="failed", sent=100, failed=7, heal_s=3.0)
    cell = cells(replace(seen, past=replace(seen.past, drills=(*seen.past.drills, lost))))["Fault tolerance"]
    assert (cell.value, cell.tone) == ("7", "bad")
    assert cell.more.startswith("cluster failed last time")


def test_a_void_drill_proves_nothing():
    seen = consoles.seen()
    void = event("drill", "cluster", result="void", sent=100, failed=0)
    cell = cells(replace(seen, past=Past(drills=(void,))))["Fault tolerance"]
    assert cell.says == "not measured yet: no drill has run this month"


def test_a_site_of_files_has_no_database_to_wait_for(tmp_path: Path):
    (tmp_path / "site").mkdir()
    with consoles.told(tmp_path, "fresh", '[source]\nkind = "folder"\nfolder = "site"\n') as desk:
        cell = cells(Looker(desk).look())["Database optimised"]
    assert cell.value == "0 ms"
    assert "no request asks a database" in cell.says


def test_alerts_that_no_drill_fired_are_counted_as_unproven():
    cell = cells(consoles.seen())["Alert"]
    assert cell.tone == "none"
    assert "never fired by a drill" in cell.more


def test_an_alert_that_failed_its_drill_is_named():
    seen = consoles.seen()
    failed = event("drill.alert", "cluster-down", passed=False, why="nobody was told")
    cell = cells(replace(seen, past=replace(seen.past, proofs=(*seen.past.proofs, failed))))["Alert"]
    assert cell.tone == "bad"
    assert cell.more.endswith("failed: cluster-down")


def test_a_question_that_waits_for_a_person_and_a_failed_action_are_to_be_watched():
    seen = consoles.seen()
    failed = Order(9, NOW - 30, "restart", {"action": "restart_replica"}, "policy", "failed")
    cell = cells(replace(seen, past=replace(seen.past, actions=(failed,))))["Action"]
    assert (cell.value, cell.tone) == ("1", "fair")
    assert cell.more.startswith("1 failed.")


def test_numbers_that_stopped_are_bad_and_say_since_when():
    cell = cells(consoles.seen("keeper_dead"))["Monitor"]
    assert cell.tone == "bad"
    assert "nothing has been written for" in cell.says


@pytest.mark.parametrize(("slow", "tone"), [(0.004, "good"), (0.6, "fair"), (1.2, "bad")])
def test_the_first_byte_is_held_against_the_promise(slow: float, tone: str):
    seen = consoles.seen("fresh")
    numbers = Numbers(at=NOW, first_byte={0.5: 0.001, 0.99: slow}, first_byte_at=NOW)
    assert cells(replace(seen, numbers=numbers))["Everything optimised"].tone == tone


@pytest.mark.parametrize(("idle", "tone"), [(0.8, "good"), (0.2, "fair"), (0.05, "bad"), (None, "none")])
def test_the_workload_is_judged_by_how_long_the_edge_rests(idle: float | None, tone: str):
    seen = consoles.seen("fresh")
    found = cells(replace(seen, numbers=Numbers(at=NOW, requests=12.0, idle=idle)))["Workload handled"]
    assert found.tone == tone
