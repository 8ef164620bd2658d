"""The commands against one real stack; each test leaves it healthy."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from portico.kit import process
from support.stack import PATIENCE_S, Stack, get, running_stack, until


def write_page(site: Path, text: str) -> None:
    (site / "index.html").write_text(f"<!doctype html><title>{text}</title><p>{text}", encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    write_page(folder, "first")
    return folder


@pytest.fixture(scope="module")
def stack(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    settings = "[keeper]\nsoak_s = 0\n[console]\nenabled = true\n"
    with running_stack(site, tmp_path_factory.mktemp("stack"), settings) as running:
        until(lambda: "console" in running.alive(), what="the last process, which is started behind the site")
        yield running


def done(stack: Stack, *args: str) -> str:
    """What a command that succeeds prints."""
    ran = stack.cli(*args)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def said(running: subprocess.Popen[str], start: str) -> str:
    """The next line that starts so."""
    assert running.stdout
    line = next((line for line in running.stdout if line.startswith(start)), None)
    assert line is not None, f"it ended without a line that starts with {start!r}"
    return line


def page(stack: Stack) -> str:
    return stack.get("/").body.decode()


def cluster(stack: Stack, name: str) -> dict[str, object]:
    found: dict[str, object] = next(one for one in stack.status()["clusters"] if one["name"] == name)
    return found


def test_up_detached_serves_over_tls_that_the_local_authority_signed(stack: Stack, tmp_path: Path):
    assert stack.get("/").status == 200
    with pytest.raises(ssl.SSLCertVerificationError):
        get(stack.address, None, "/")


def test_status_has_the_shape_that_the_issue_promises(stack: Stack):
    found = stack.status()
    assert found["address"] == stack.address
    assert len(found["snapshot"]) == 64
    for part in ("edge", "keeper", "mirror"):
        os.kill(found[part]["pid"], 0)
    assert [one["name"] for one in found["clusters"]] == ["a", "b"]
    for one in found["clusters"]:
        assert one["state"] == "up"
        assert [replica["name"] for replica in one["replicas"]] == [f"{one['name']}1", f"{one['name']}2"]
        assert all(replica["state"] == "up" for replica in one["replicas"])
        for replica in one["replicas"]:
            os.kill(replica["pid"], 0)
    until(lambda: stack.status()["seen_ago"] < 5, what="the keeper looks")


def test_up_on_a_running_stack_says_so_and_starts_nothing_anew(stack: Stack):
    before = stack.alive()
    said = done(stack, "up", "--detach")
    assert f"it runs already, at {stack.address}" in said
    assert "nothing changed" in said
    assert stack.alive() == before


def test_publish_makes_what_changed_live_and_rollback_takes_it_back(stack: Stack, site: Path):
    first = stack.status()["snapshot"]
    write_page(site, "second")
    preview = json.loads(done(stack, "publish", "--dry-run", "--json"))
    assert preview["changed"] == ["/"]
    assert "first" in page(stack)
    published = json.loads(done(stack, "publish", "--json"))
    assert (published["before"], published["changed"]) == (first, True)
    assert {"check", "copy:a", "copy:b", "copy:mirror", "flip", "seen"} <= published["steps"].keys()
    assert "second" in page(stack)
    listed = {row["id"]: row for row in json.loads(done(stack, "snapshots", "--json"))}
    assert listed[published["snapshot"]]["live"]
    assert listed[first]["last_good"]
    assert listed[first]["stores"] == ["origin", "a", "b", "mirror"]
    assert json.loads(done(stack, "diff", first[:8], published["snapshot"][:8], "--json"))["changed"] == ["/"]
    assert json.loads(done(stack, "rollback", "--json"))["snapshot"] == first
    assert "first" in page(stack)
    assert f"live: {published['snapshot'][:12]}" in done(stack, "rollback", published["snapshot"][:6])
    assert "second" in page(stack)


def test_up_does_not_undo_a_rollback(stack: Stack, site: Path):
    write_page(site, "regretted")
    done(stack, "publish")
    done(stack, "rollback")
    before = page(stack)
    assert "rolled back to" in done(stack, "up", "--detach")
    assert page(stack) == before
    done(stack, "publish")
    assert "regretted" in page(stack)


def test_publishing_what_is_live_changes_nothing(stack: Stack):
    assert "is live already" in done(stack, "publish") + done(stack, "publish")
    assert json.loads(done(stack, "publish", "--json"))["changed"] is False


def test_a_source_that_fails_publishes_nothing_and_exits_with_4(stack: Stack, site: Path):
    before = page(stack)
    away = site.rename(f"{site}.away")
    try:
        ran = stack.cli("publish")
        assert ran.returncode == 4
        assert ran.stderr.startswith(f"error: {site}: there is no such folder")
        up = stack.cli("up", "--detach")
        assert up.returncode == 4
        assert page(stack) == before
    finally:
        away.rename(site)


def test_verify_reads_every_store_and_tells_a_flipped_byte(stack: Stack):
    live = stack.status()["snapshot"]
    assert [line.split()[:2] for line in done(stack, "verify", live).splitlines()] == [
        ["origin", "whole,"],
        ["a", "whole,"],
        ["b", "whole,"],
        ["mirror", "whole,"],
    ]
    digest = json.loads(stack.home.origin.joinpath("snapshots", f"{live}.json").read_text())["shards"][0]
    body = stack.home.store("mirror") / "bodies" / digest[:2] / digest
    whole = body.read_bytes()
    body.chmod(0o644)
    body.write_bytes(whole.replace(b"p", b"q", 1))
    try:
        ran = stack.cli("verify", live[:8], "--store", "mirror")
    finally:
        body.write_bytes(whole)
    assert ran.returncode == 6
    assert str(body) in ran.stderr


def test_scale_out_and_in_is_seen_in_the_status(stack: Stack):
    said = done(stack, "scale", "a", "3", "--dry-run")
    assert "would: Cluster a has 3 replicas from now on, instead of 2" in said
    done(stack, "scale", "a", "3")
    assert [one["name"] for one in cluster(stack, "a")["replicas"]] == ["a1", "a2", "a3"]  # type: ignore[attr-defined]
    done(stack, "scale", "a", "2")
    assert "a3" not in stack.alive()


def test_a_drained_cluster_gets_no_visitors_and_the_last_one_is_not_drained(stack: Stack):
    done(stack, "drain", "a")
    try:
        assert cluster(stack, "a")["state"] == "drained"
        assert stack.get("/").status == 200
        refused = stack.cli("drain", "b")
        assert refused.returncode == 1
        assert "b is the last healthy cluster" in refused.stderr
    finally:
        done(stack, "undrain", "a")
    until(lambda: cluster(stack, "a")["state"] == "up", what="cluster a is up again")


def test_a_rolling_restart_gives_every_replica_a_new_process(stack: Stack):
    before = stack.alive()
    done(stack, "restart", "b")
    after = stack.alive()
    assert after["b1"] != before["b1"]
    assert after["b2"] != before["b2"]
    assert after["a1"] == before["a1"]


def test_an_order_may_be_given_without_waiting(stack: Stack):
    number = json.loads(done(stack, "restart", "a1", "--no-wait", "--json"))["order"]
    until(lambda: stack.ledger().get_order(number).state == "done", what="the order is carried out")


def test_a_second_keeper_is_refused(stack: Stack):
    refused = stack.cli("keeper", "--once")
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == [
        f"error: {stack.home.root}: a keeper runs already",
        "hint: it does what is due by itself",
    ]


def test_logs_and_events_tell_what_happened(stack: Stack):
    assert "edge" in done(stack, "logs", "edge")
    assert "replica.started" in done(stack, "events", "--kind", "replica.started")
    assert "unbroken" in done(stack, "ledger", "verify")


def test_events_and_logs_are_followed(stack: Stack):
    with stack.running("events", "--follow", "--last", "1") as events:
        assert said(events, "")
        done(stack, "restart", "a2", "--no-wait")
        assert "a2" in next(line for line in events.stdout or () if "order.given" in line)
    until(lambda: not stack.status()["orders"], what="the restart is over")
    with stack.running("logs", "a2", "--follow", "--lines", "1") as logs:
        assert said(logs, "a2 | ")
        with stack.home.log("a2").open("a") as log:
            log.write("half a line,")
            log.flush()
            log.write(" now whole\n")
        assert "half a line, now whole" in next(line for line in logs.stdout or () if "half" in line)


def test_garbage_collection_keeps_what_is_live(stack: Stack):
    live = stack.status()["snapshot"]
    assert "would delete" in done(stack, "gc", "--dry-run")
    swept = json.loads(done(stack, "gc", "--json"))
    assert set(swept["stores"]) == {"origin", "a", "b", "mirror"}
    assert live in {row["id"] for row in json.loads(done(stack, "snapshots", "--json"))}
    assert stack.get("/").status == 200


def test_trust_names_the_authority_that_signed(stack: Stack):
    assert done(stack, "trust", "--path").strip() == str(stack.ca)
    assert str(stack.ca) in done(stack, "trust")


def test_orders_wait_for_a_keeper_by_hand_when_keeper_and_guard_are_dead(stack: Stack):
    stack.kill("guard", "keeper")
    until(lambda: not stack.alive().keys() & {"guard", "keeper"}, what="both are gone")
    assert stack.get("/").status == 200
    assert stack.status()["keeper"] == {**stack.status()["keeper"], "pid": None, "state": "down"}
    given = json.loads(done(stack, "scale", "b", "1", "--no-wait", "--json"))["order"]
    done(stack, "keeper", "--once")
    assert stack.ledger().get_order(given).state == "done"
    assert "b2" not in stack.alive()
    done(stack, "up", "--detach")
    done(stack, "scale", "b", "2")
    assert {"keeper", "guard", "b2"} <= stack.alive().keys()


def test_watch_publishes_whenever_the_folder_changes_and_survives_errors(stack: Stack, site: Path):
    with stack.running("watch") as watching:
        assert said(watching, "watching")
        write_page(site, "watched")
        until(lambda: "watched" in page(stack), what="the change is live")
        (site / "_redirects").write_text("/x\n")
        assert "_redirects" in said(watching, "error:")
        (site / "_redirects").unlink()
        write_page(site, "mended")
        until(lambda: "mended" in page(stack), what="it goes on after an error")
        watching.send_signal(signal.SIGINT)
        assert watching.wait(PATIENCE_S) == 130


def test_two_stacks_beside_each_other_do_not_disturb_each_other(stack: Stack, tmp_path: Path):
    with running_stack(None, tmp_path) as other:
        assert other.address != stack.address
        assert other.get("/").body != stack.get("/").body
        assert done(other, "down").startswith("stopped ")
        assert other.alive() == {}
        assert stack.get("/").status == 200


def test_up_in_the_foreground_is_ended_by_ctrl_c_with_the_whole_stack(tmp_path: Path):
    with running_stack(None, tmp_path) as other:
        done(other, "down")
        with other.running("up") as up:
            assert said(up, "  serving at")
            assert other.get("/").status == 200
            up.send_signal(signal.SIGINT)
            assert said(up, "stopped ")
            assert up.wait(PATIENCE_S) == 0
        assert other.alive() == {}


def test_the_live_view_takes_the_whole_terminal_and_gives_it_back(stack: Stack):
    with stack.running_in_terminal("up", columns=80, rows=24) as (up, terminal):
        seen = b""
        while b"the stack keeps running" not in seen:
            seen += os.read(terminal, 65536)
        up.send_signal(signal.SIGINT)
        while b"left; " not in seen:
            seen += os.read(terminal, 65536)
        assert up.wait(PATIENCE_S) == 0
    assert seen.count(b"\x1b[?1049h") == seen.count(b"\x1b[?1049l") == 1
    assert stack.address.encode() in seen


def test_ctrl_c_leaves_a_stack_that_ran_before(stack: Stack):
    with stack.running("up") as up:
        assert said(up, "  nobody may sign in there yet"), "the last line of what it tells"
        up.send_signal(signal.SIGINT)
        assert said(up, "left; the stack keeps running")
        assert up.wait(PATIENCE_S) == 0
    assert stack.get("/").status == 200


def test_down_leaves_no_process_behind_and_up_serves_the_same_again(tmp_path: Path):
    with running_stack(None, tmp_path) as other:
        live = other.status()["snapshot"]
        processes = [process.of(pid) for pid in other.alive().values()]
        done(other, "down")
        assert len(processes) >= 8
        assert not [one for one in processes if one and one.alive]
        assert other.cli("status").returncode == 5
        done(other, "up", "--detach")
        assert other.status()["snapshot"] == live
        assert other.address == other.status()["address"], "the ports are kept"


def test_down_ends_what_is_left_when_no_keeper_is_there_to_obey(tmp_path: Path):
    with running_stack(None, tmp_path) as other:
        other.kill("guard", "keeper")
        done(other, "down")
        assert other.alive() == {}


MANUAL = Path("/usr/share/doc/postgresql-doc-15/html")


@pytest.mark.skipif(not MANUAL.is_dir(), reason="Debian's package postgresql-doc-15 isn't installed")
def test_the_postgresql_manual_is_served(tmp_path: Path):
    with running_stack(MANUAL, tmp_path) as manual:
        rows = json.loads(done(manual, "snapshots", "--json"))
        assert rows[0]["paths"] > 1000
        assert b"SELECT" in manual.get("/sql-select").body
