import os
import signal
import stat

import psutil
import pytest

from portico.cluster import local
from portico.config.home import Home
from portico.intake import seal
from portico.model import MIRROR
from portico.store import signing
from portico.store.layout import Store
from support.snapshots import build, keys
from support.stack import until


@pytest.fixture
def home(tmp_path):
    home = Home(tmp_path / "home").create()
    made = keys(home.keys)
    signing.create_keys(made.private_file, home.public_key)
    build(Store(home.store("a")).create(), made.private, {"/": ("text/html; charset=utf-8", b"<p>hello")})
    yield home
    local.stop(home, "a1", grace=5)


def ask(home: Home) -> local.Live:
    return until(lambda: local.ask(home.replica_socket("a1"), 1))


def test_slots_are_numbered_and_the_mirror_is_its_own_only_one():
    assert local.slots("a", 3) == ("a1", "a2", "a3")
    assert local.slots(MIRROR, 3) == (MIRROR,)


def test_a_replica_is_started_with_paths_relative_to_the_home(home):
    command = local.command(home, "a", "a1", retain=3, user=None)
    assert str(home.root) not in " ".join(command[1:])
    assert command[1:] == [
        *("-m", "portico.replica", "--store", "clusters/a/store", "--key", "signing.pub"),
        *("--socket", "run/a1/http.sock", "--name", "a1", "--retain", "3"),
    ]


def test_a_started_replica_is_remembered_and_says_what_its_store_holds(home):
    started = local.start(home, "a", "a1", retain=3)
    said = ask(home)
    assert local.recall(home, "a1") == started
    assert said.pid == started.pid
    assert len(said.snapshots) == 1
    assert said.refused == ()


def test_a_killed_replica_is_known_to_be_dead_and_can_be_started_again(home):
    first = local.start(home, "a", "a1", retain=3)
    ask(home)
    local.kill(home, "a1")
    assert not first.alive
    second = local.start(home, "a", "a1", retain=3)
    until(lambda: ask(home).pid == second.pid)


def test_a_replica_that_nobody_remembers_is_ended_before_another_takes_its_place(home):
    forgotten = local.start(home, "a", "a1", retain=3)
    ask(home)
    home.record("a1").unlink()
    second = local.start(home, "a", "a1", retain=3)
    until(lambda: ask(home).pid == second.pid)
    assert not forgotten.alive


def test_a_stopped_replica_leaves_neither_record_nor_socket(home):
    started = local.start(home, "a", "a1", retain=3)
    ask(home)
    local.stop(home, "a1", grace=5)
    assert not started.alive
    assert local.recall(home, "a1") is None
    assert not home.replica_run("a1").exists()


def test_one_that_is_stopped_by_a_signal_is_ended_all_the_same(home):
    started = local.start(home, "a", "a1", retain=3)
    ask(home)
    os.kill(started.pid, signal.SIGSTOP)
    local.stop(home, "a1", grace=5)
    assert not started.alive


def test_nobody_answers_where_nothing_runs(home):
    assert local.ask(home.replica_socket("a1"), 1) is None


def test_as_root_a_replica_becomes_nobody_and_cannot_read_the_signing_key(home):
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    started = local.start(home, "a", "a1", retain=3)
    ask(home)
    assert psutil.Process(started.pid).uids().real != 0
    assert stat.S_IMODE(home.keys.stat().st_mode) == 0o700


def test_a_replica_that_may_take_posts_knows_where_to_keep_them_and_who_keeps_copies(home):
    seal.create_keys(home.intake_key, home.intake_public_key)
    Store(home.store("b")).create()
    command = local.command(home, "a", "a1", retain=3, user=None)
    assert command[-6:] == [
        *("--intake", "clusters/a/intake", "--intake-key", "intake.pub"),
        *("--peer", "run/b[0-9]*/http.sock"),
    ]
    assert "--intake" not in local.command(home, MIRROR, MIRROR, retain=3, user=None)


def test_the_folder_for_posts_is_the_replicas_alone_with_the_secret_that_all_share(home):
    seal.create_keys(home.intake_key, home.intake_public_key)
    local.start(home, "a", "a1", retain=3)
    ask(home)
    secret = home.intake("a") / "secret"
    assert stat.S_IMODE(home.intake("a").stat().st_mode) == 0o700
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert home.intake("a").stat().st_uid == secret.stat().st_uid == psutil.Process(ask(home).pid).uids().real
    assert home.intake_key.read_bytes().strip() not in secret.read_bytes()
