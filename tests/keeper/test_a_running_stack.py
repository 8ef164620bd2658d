import os
import shutil
import signal
from datetime import UTC, datetime

import psutil
import pytest

from portico.config.home import Home
from portico.edge import authority
from portico.kit import process
from portico.model import HELPERS, MIRROR
from portico.store.layout import Store
from support.stack import Stack, end, portico, running_stack, until, write_settings


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.html").write_text("<!doctype html><title>Home</title><p>one")
    (folder / "about.html").write_text("<!doctype html><title>About</title><p>" + "about " * 200)
    return folder


@pytest.fixture(scope="module")
def stack(tmp_path_factory, site):
    with running_stack(site, tmp_path_factory.mktemp("stack")) as stack:
        yield stack


def replicas(stack: Stack) -> dict[str, int]:
    others = {"edge", "keeper", "guard", *HELPERS}
    return {part: pid for part, pid in stack.alive().items() if part not in others}


def events(stack: Stack, kind: str) -> int:
    ledger = stack.ledger()
    try:
        return len(ledger.events(kind=kind))
    finally:
        ledger.close()


def ended(one: psutil.Process) -> bool:
    return not one.is_running() or one.status() == psutil.STATUS_ZOMBIE


def healthy(stack: Stack) -> bool:
    seen = stack.status()
    return all(cluster["state"] == "up" for cluster in seen["clusters"]) and seen["edge"]["state"] == "up"


def test_the_processes_that_face_visitors_do_not_run_as_root(stack):
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    worker = psutil.Process(stack.pid("edge")).children()[0]
    facing = [worker, *(psutil.Process(pid) for pid in replicas(stack).values())]
    assert all(found.uids().real != 0 for found in facing)


def test_a_killed_keeper_is_started_again_and_adopts_what_runs(stack):
    before, keeper = replicas(stack), stack.pid("keeper")
    os.kill(keeper, signal.SIGKILL)
    until(lambda: stack.pid("keeper") != keeper and healthy(stack))
    assert replicas(stack) == before


def test_a_killed_guard_is_started_by_the_keeper_and_still_holds_the_sockets(stack):
    guard = stack.pid("guard")
    os.kill(guard, signal.SIGKILL)
    until(lambda: stack.pid("guard") != guard)
    edge = process.recall(stack.home.record("edge"))
    dying = [edge, *process.children(edge)]
    os.kill(stack.pid("keeper"), signal.SIGKILL)
    process.kill(edge)
    until(lambda: not any(one.alive for one in dying))
    assert stack.get("/").status == 200
    until(lambda: healthy(stack))


def test_an_edge_that_nobody_remembers_is_ended_before_another_starts(stack):
    forgotten = psutil.Process(stack.pid("edge"))
    workers = forgotten.children()
    stack.home.record("edge").unlink()
    until(lambda: stack.home.record("edge").exists() and healthy(stack))
    until(lambda: all(ended(one) for one in (forgotten, *workers)))
    assert stack.get("/").status == 200


def test_a_part_of_a_page_is_a_part_also_when_the_cache_holds_the_whole(stack):
    whole = [stack.get("/about", accept_encoding="identity").body for _ in range(2)][1]
    part = stack.get("/about", accept_encoding="identity", range="bytes=3-12")
    assert (part.status, part.body) == (206, whole[3:13])


def test_a_hung_edge_is_killed_and_started_again(stack):
    edge = stack.pid("edge")
    os.kill(psutil.Process(edge).children()[0].pid, signal.SIGSTOP)
    until(lambda: stack.pid("edge") != edge and healthy(stack))
    assert stack.get("/").status == 200


@pytest.mark.parametrize("name", ["a", MIRROR])
def test_a_store_that_lost_the_live_snapshot_is_filled_again(stack, name):
    refilled = events(stack, "store.refilled")
    store = Store(stack.home.store(name))
    live = stack.status()["snapshot"]
    shutil.rmtree(store.bodies)
    store.remove_snapshot(live)
    until(lambda: store.manifest(live).exists() and events(stack, "store.refilled") > refilled)
    until(lambda: healthy(stack))
    assert stack.get("/about").status == 200


def test_a_flipped_byte_in_a_stores_manifest_is_refused_and_repaired_from_another_store(stack):
    repaired, store = events(stack, "body.repaired"), Store(stack.home.store("b"))
    root = store.manifest(stack.status()["snapshot"])
    right = root.read_bytes()
    root.write_bytes(right.replace(b"a", b"b", 1))
    until(lambda: events(stack, "body.repaired") > repaired)
    assert root.read_bytes() == right
    until(lambda: healthy(stack))
    assert stack.get("/").status == 200


def test_bodies_broken_at_the_origin_fail_the_publish_and_the_next_one_writes_them_anew(stack, site):
    (site / "index.html").write_text("<!doctype html><title>Home</title><p>two")
    frozen = stack.cli("publish", "--dry-run", "--json")
    assert frozen.returncode == 0, frozen.stderr
    snapshot = next(iter(Store(stack.home.origin).list_snapshots()))
    live = stack.status()["snapshot"]
    assert snapshot != live
    for body in Store(stack.home.origin).files():
        if b"<p>two" in body.read_bytes():
            body.chmod(0o644)
            body.write_bytes(body.read_bytes().replace(b"two", b"owt"))
    failed = stack.cli("publish")
    assert failed.returncode != 0
    assert "not what its hash says" in failed.stderr
    assert stack.status()["snapshot"] == live
    assert b"one" in stack.get("/").body
    again = stack.cli("publish")
    assert again.returncode == 0, again.stderr
    assert b"two" in stack.get("/").body


def test_changed_settings_take_a_new_keeper_and_a_seamless_reload_and_nothing_else(stack, site):
    before, keeper, edge = replicas(stack), stack.pid("keeper"), stack.pid("edge")
    write_settings(stack.settings, site, "[edge]\nhttps_port = 0\nhttp_port = 0\nrequests_per_second = 777")
    again = stack.cli("up", "--detach")
    assert again.returncode == 0, again.stderr
    until(lambda: events(stack, "edge.reloaded"))
    until(lambda: stack.pid("keeper") != keeper and healthy(stack))
    assert "7770" in (stack.home.edge / "haproxy.cfg").read_text()
    assert replicas(stack) == before
    assert stack.pid("edge") == edge


def test_a_certificate_of_ones_own_is_shown_and_a_renewed_one_swapped_in_without_a_reload(tmp_path, site):
    signer = authority.ensure_authority(tmp_path, ("localhost",), datetime.now(UTC))
    own = tmp_path / "own.pem"
    authority.ensure_leaf(own, signer, ("localhost",), datetime.now(UTC))
    toml = f'[edge]\nhosts = ["localhost"]\ncertificate = "{own}"\nhttps_port = 0\nhttp_port = 0'
    with running_stack(site, tmp_path, toml) as stack:
        assert (stack.home.root / "edge/site.pem").read_bytes() == own.read_bytes()
        edge = process.recall(stack.home.record("edge"))
        own.unlink()
        authority.ensure_leaf(own, signer, ("localhost",), datetime.now(UTC))
        os.kill(stack.pid("keeper"), signal.SIGKILL)
        until(lambda: events(stack, "certificate.swapped"))
        assert process.recall(stack.home.record("edge")) == edge


def test_a_lost_signing_key_is_replaced_and_the_same_site_signed_anew(tmp_path, site):
    with running_stack(site, tmp_path) as stack:
        before = stack.status()["snapshot"]
        assert stack.cli("down").returncode == 0
        shutil.rmtree(stack.home.keys)
        again = stack.cli("up", "--detach")
        assert again.returncode == 0, again.stderr
        assert stack.status()["snapshot"] == before
        assert stack.get("/about").status == 200


def test_a_wrong_certificate_is_refused_before_anything_starts(tmp_path, site):
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("nothing of the kind")
    settings = write_settings(tmp_path / "portico.toml", site, f'[edge]\ncertificate = "{wrong}"')
    told = portico("--config", str(settings), "--home", str(tmp_path / "home"), "up", "--detach")
    assert told.returncode == 3
    assert "wrong.pem" in told.stderr
    assert "Traceback" not in told.stderr
    assert not (tmp_path / "home/run/guard.json").exists()


def test_settings_named_relative_to_where_one_stands_reach_the_keeper(tmp_path, site):
    write_settings(tmp_path / "other.toml", site)
    try:
        up = portico("--config", "other.toml", "--home", "home", "up", "--detach", cwd=tmp_path)
        assert up.returncode == 0, up.stderr
    finally:
        end(Home(tmp_path / "home"))


def test_a_keeper_that_cannot_start_is_told_and_nothing_is_left_running(tmp_path, site):
    settings = write_settings(tmp_path / "portico.toml", site)
    home = Home(tmp_path / "home").create()
    home.keeper_socket.mkdir()
    told = portico("--config", str(settings), "--home", str(home.root), "up", "--detach")
    assert told.returncode != 0
    assert "the keeper didn't start" in told.stderr
    assert not process.recall(home.record("guard")).alive
