"""A process is its id and its start: a number used again is never taken for ours."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import replace

import psutil
import pytest

from portico.kit import process

PATIENCE_S = 60
SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
DEAF = "signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True)"
STUBBORN = [sys.executable, "-c", f"import signal, time; {DEAF}; time.sleep(600)"]


@pytest.fixture
def spawn(tmp_path):
    started = []

    def start(command=SLEEPER, **more):
        started.append(process.spawn(command, cwd=tmp_path, log=tmp_path / "log", **more))
        return started[-1]

    yield start
    for one in started:
        process.stop(one, grace=0)


def poll(condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_started_process_is_alive_until_it_is_killed(spawn):
    one = spawn()
    assert one.alive
    process.kill(one)
    assert process.wait_gone(one, PATIENCE_S)
    assert not one.alive


def test_what_it_prints_is_appended_to_its_log(spawn, tmp_path):
    (tmp_path / "log").write_text("before\n")
    one = spawn([sys.executable, "-c", "import sys; print('out'); print('err', file=sys.stderr)"])
    assert process.wait_gone(one, PATIENCE_S)
    assert sorted((tmp_path / "log").read_text().split()) == ["before", "err", "out"]


def test_it_outlives_whoever_started_it(tmp_path):
    script = (
        "import pathlib, sys\nfrom portico.kit import process\n"
        "here = pathlib.Path(sys.argv[1])\n"
        "one = process.spawn(['sleep', '600'], cwd=here, log=here / 'log')\n"
        "process.remember(here / 'record', one)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True)
    one = process.recall(tmp_path / "record")
    assert one.alive
    assert os.getsid(one.pid) == one.pid
    process.stop(one, grace=0)
    assert not one.alive


def test_another_process_with_the_same_number_is_not_ours(spawn):
    one = spawn()
    earlier = replace(one, started=one.started - 60)
    assert not earlier.alive
    process.kill(earlier)
    assert process.wait_gone(earlier, 0)
    assert one.alive


def test_a_clock_that_was_set_meanwhile_does_not_change_who_a_process_is(spawn, monkeypatch):
    one = spawn()
    told = psutil.Process.create_time
    monkeypatch.setattr(psutil.Process, "create_time", lambda self: told(self) + 3600)
    assert one.alive


def test_a_zombie_is_not_alive():
    child = subprocess.Popen(SLEEPER)
    one = process.of(child.pid)
    child.kill()
    poll(lambda: psutil.Process(child.pid).status() == psutil.STATUS_ZOMBIE)
    assert not one.alive
    child.wait()


def test_asked_to_end_it_ends_within_its_grace(spawn):
    one = spawn()
    process.stop(one, grace=PATIENCE_S)
    assert not one.alive


def test_one_that_does_not_listen_is_made_to_end(spawn, tmp_path):
    one = spawn(STUBBORN)
    poll(lambda: (tmp_path / "log").read_text() == "on\n")
    process.stop(one, grace=0.05)
    assert not one.alive


def test_a_stopped_one_is_woken_to_end(spawn):
    one = spawn()
    process.kill(one, signal.SIGSTOP)
    process.stop(one, grace=PATIENCE_S)
    assert not one.alive


def test_its_children_are_those_that_it_started(spawn):
    parent = spawn([sys.executable, "-c", "import subprocess; subprocess.run(['sleep', '600'])"])
    poll(lambda: process.children(parent))
    (child,) = process.children(parent)
    process.stop(child, grace=0)
    assert process.wait_gone(parent, PATIENCE_S)
    assert process.children(parent) == []


def test_a_record_names_the_very_process(spawn, tmp_path):
    one = spawn()
    process.remember(tmp_path / "record.json", one)
    assert process.recall(tmp_path / "record.json") == one


def test_a_record_from_before_the_machine_started_anew_is_nobody(spawn, tmp_path):
    """The same number and the same tick come back on a machine that boots the same way each time."""
    path = tmp_path / "record.json"
    process.remember(path, spawn())
    path.write_text(json.dumps({**json.loads(path.read_text()), "boot": "another"}))
    assert process.recall(path) is None


@pytest.mark.parametrize("content", [None, "", "[1]", '{"pid": 1}', "{}", "\udcff"])
def test_an_unreadable_record_is_nobody(tmp_path, content):
    if content is not None:
        (tmp_path / "record.json").write_bytes(content.encode(errors="surrogateescape"))
    assert process.recall(tmp_path / "record.json") is None


def test_nobody_has_the_number_of_a_process_that_is_gone(spawn):
    one = spawn()
    process.stop(one, grace=0)
    assert process.of(one.pid) is None
    assert process.pidfd(one) is None


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="pidfd is Linux's")
def test_a_pidfd_tells_of_the_end(spawn):
    one = spawn()
    fd = process.pidfd(one)
    try:
        assert select.select([fd], [], [], 0)[0] == []
        process.kill(one)
        assert select.select([fd], [], [], PATIENCE_S)[0] == [fd]
    finally:
        os.close(fd)
