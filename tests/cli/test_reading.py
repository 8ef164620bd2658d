from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

from portico.cli import place
from portico.config.home import Home
from portico.kit import process
from portico.ledger.ledger import Ledger
from support import statuses
from support.commands import Run


@pytest.fixture
def served(home: Home, ledger: Ledger) -> Home:
    """A stack of which only the edge is alive: this process stands in for it."""
    ledger.see("status", statuses.healthy({}))
    me = process.of(os.getpid())
    assert me
    process.remember(home.record("edge"), me)
    return home


def test_status_tells_that_the_keeper_is_gone_and_what_to_press(served: Home, run: Run):
    ran = run("status")
    assert ran.code == 0
    assert "https://localhost:8443/" in ran.out
    assert "portico up brings it back" in ran.out


def test_status_as_json_has_the_promised_shape(served: Home, run: Run):
    found = json.loads(run("status", "--json").out)
    assert found["address"] == "https://localhost:8443/"
    assert found["snapshot"] == statuses.SNAPSHOT
    assert found["edge"]["pid"] == os.getpid()
    assert {"pid", "state"} <= found["keeper"].keys() & found["mirror"].keys()
    assert [cluster["name"] for cluster in found["clusters"]] == ["a", "b"]
    for cluster in found["clusters"]:
        assert cluster["state"] == "down"
        assert all({"name", "pid", "state"} <= replica.keys() for replica in cluster["replicas"])


def test_status_of_a_stopped_stack_exits_with_5_and_says_so_in_json_too(home: Home, ledger: Ledger, run: Run):
    ledger.see("status", statuses.healthy({}))
    ran = run("status", "--json")
    assert ran.code == 5
    assert ran.err == f"error: {home.root}: nothing runs\nhint: portico up\n"
    assert json.loads(ran.out)["edge"] == {**statuses.healthy({})["edge"], "pid": None, "state": "down"}


@pytest.mark.parametrize(
    "command",
    [["status"], ["snapshots"], ["events"], ["down"], ["publish"], ["rollback"], ["ledger", "verify"]],
)
def test_where_nothing_was_started_each_command_says_so(command: list[str], run: Run, tmp_path: Path):
    ran = run(*command)
    assert ran.code == 5
    assert ran.err == f"error: {tmp_path}/.portico: nothing was ever started here\nhint: portico up\n"
    assert not (tmp_path / ".portico").exists()


def test_events_are_told_in_order_and_filtered_by_kind(ledger: Ledger, run: Run):
    ledger.record("replica.died", "a1", pid=7)
    ledger.record("live", "f" * 64, order=1)
    ledger.record("replica.started", "a1", pid=8)
    lines = run("events").out.splitlines()
    assert [line.split()[1] for line in lines] == ["replica.died", "live", "replica.started"]
    assert [line.split()[1] for line in run("events", "--kind", "replica.").out.splitlines()] == [
        "replica.died",
        "replica.started",
    ]
    assert len(run("events", "--last", "1").out.splitlines()) == 1


def test_events_since_a_moment_leave_out_what_was_before(home: Home, run: Run):
    old = Ledger(home.ledger, now=lambda: 1000.0)
    old.record("live", "old")
    old.close()
    new = Ledger(home.ledger)
    new.record("live", "new")
    new.close()
    assert [
        json.loads(line)["subject"] for line in run("events", "--json", "--since", "10m").out.splitlines()
    ] == ["new"]


def test_an_event_as_json_is_one_line_with_its_hash(ledger: Ledger, run: Run):
    event = ledger.record("live", "x", order=1)
    found = json.loads(run("events", "--json").out)
    assert (found["seq"], found["hash"], found["data"]) == (1, event.hash, {"order": 1})


def test_the_ledger_verifies(ledger: Ledger, run: Run):
    for number in range(3):
        ledger.record("live", str(number))
    ran = run("ledger", "verify")
    assert ran.code == 0
    assert ran.out.startswith("3 events in an unbroken chain")


def test_a_forged_event_is_found_and_exits_with_6(home: Home, ledger: Ledger, run: Run):
    for number in range(3):
        ledger.record("live", str(number))
    ledger.close()
    forged = sqlite3.connect(home.ledger)
    forged.executescript(
        "DROP TRIGGER events_are_never_changed; UPDATE events SET subject = 'x' WHERE seq = 2;"
    )
    forged.close()
    ran = run("ledger", "verify", "--json")
    assert ran.code == 6
    assert json.loads(ran.out)["broken"] == 2
    assert "the chain breaks at event 2" in ran.err


def test_logs_of_all_parts_carry_the_parts_name(home: Home, run: Run):
    home.log("edge").write_text("one\ntwo\n")
    home.log("a1").write_text("three\n")
    assert run("logs").out.splitlines() == ["a1   | three", "edge | one", "edge | two"]
    assert run("logs", "edge", "--lines", "1").out.splitlines() == ["edge | two"]


def test_a_log_that_is_not_there_is_told_with_those_that_are(home: Home, run: Run):
    home.log("edge").write_text("one\n")
    ran = run("logs", "a9")
    assert ran.code == 2
    assert ran.err.splitlines() == ["error: there is no log of 'a9'", "hint: one of edge"]


def test_brackets_and_escapes_in_a_log_are_no_markup(home: Home, run: Run):
    home.log("edge").write_text("[bold]x[/bold] \x1b[31mred\x1b[0m\n")
    assert run("logs").out == "edge | [bold]x[/bold] red\n"


def test_the_settings_are_shown_with_where_they_come_from(run: Run, tmp_path: Path):
    (tmp_path / "portico.toml").write_text("[clusters]\nreplicas = 3\n")
    lines = run("config", "show").out.splitlines()
    assert lines[0] == f"# from {tmp_path}/portico.toml"
    assert "replicas = 3" in lines
    assert "max_replicas = 8  # the default" in lines
    shown = json.loads(run("config", "show", "--json").out)
    assert shown["set"] == ["clusters/replicas"]
    assert shown["settings"]["clusters"]["replicas"] == 3


def test_what_config_show_prints_is_a_portico_toml(run: Run, tmp_path: Path):
    (tmp_path / "again.toml").write_text(run("config", "show").out)
    again = json.loads(run("--config", "again.toml", "config", "show", "--json").out)
    assert again["settings"] == json.loads(run("config", "show", "--json").out)["settings"]


def test_config_check_tells_each_thing_that_is_right(run: Run, tmp_path: Path):
    ran = run("config", "check")
    assert ran.code == 0
    assert [line.split()[1] for line in ran.out.splitlines()] == [
        "settings:",
        "promise:",
        "source:",
        "certificate:",
        "HAProxy",
    ]


def test_with_the_home_alone_the_file_that_the_stack_was_started_with_holds(
    run: Run, ledger: Ledger, tmp_path: Path
):
    elsewhere = tmp_path / "site"
    elsewhere.mkdir()
    (elsewhere / "portico.toml").write_text("[clusters]\nreplicas = 5\n")
    place.remember_file(ledger, elsewhere / "portico.toml")
    shown = json.loads(run("--home", ".portico", "config", "show", "--json").out)
    assert shown["settings"]["clusters"]["replicas"] == 5
