"""A disk that is full and a database that stands still are what they say, and over when they are over."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from portico.config.home import Home
from portico.kit import process
from portico.recover import fulldisk, postmaster, standstill
from support import postgres


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "intake"
    (made / "posts" / "alone").mkdir(parents=True)
    (made / "posts" / "one").write_text("kept")
    return made


@pytest.fixture
def mounting(tmp_path: Path) -> None:
    tried = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "portico-test", str(tmp_path)], capture_output=True, check=False
    )
    if not tried or tried.returncode:
        pytest.skip("mounting a disk needs root on Linux")
    subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_full_disk_takes_nothing_and_gives_everything_back(mounting, folder):
    with fulldisk.full(folder):
        for place in (folder, folder / "posts", folder / "posts" / "alone"):
            with pytest.raises(OSError, match="No space") as refused, (place / "two").open("wb", 0) as file:
                file.write(bytes(8192))
            assert refused.value.errno == errno.ENOSPC
    assert (folder / "posts" / "one").read_text() == "kept"
    (folder / "posts" / "two").write_text("fits")


def test_a_disk_that_a_killed_drill_left_full_is_taken_away(mounting, folder):
    with fulldisk.full(folder):
        fulldisk.uncover(folder)
        assert (folder / "posts" / "one").read_text() == "kept"


def test_sqlite_stands_still_for_whoever_writes_and_goes_on_afterwards(tmp_path):
    home = Home(tmp_path)
    home.studio.mkdir()
    with sqlite3.connect(home.studio / "studio.db") as made:
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("CREATE TABLE studio_delivery (key TEXT)")
    with sqlite3.connect(home.studio / "studio.db", timeout=0.05) as writer:
        still = standstill.database(home, process.Process(os.getpid(), 0))
        with still, pytest.raises(sqlite3.OperationalError, match="locked"):
            writer.execute("INSERT INTO studio_delivery VALUES ('a')")
        writer.execute("INSERT INTO studio_delivery VALUES ('a')")
    made.close()
    writer.close()


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    """Whatever process it is in the end, as it may be stopped and started meanwhile."""
    with contextlib.ExitStack() as ending:
        try:
            server = ending.enter_context(postgres.running())
        except postgres.MissingError as why:
            pytest.skip(str(why))
        yield server
        last = postmaster.find(server.url("postgres"))
        assert isinstance(last, psutil.Process), last
        last.send_signal(signal.SIGINT)
        postmaster._gone(last)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_postgresql_of_ours_is_stopped_and_started_again_with_all_that_it_had(
    server, monkeypatch, tmp_path
):
    url = server.url("postgres")
    monkeypatch.setattr(standstill, "_url", lambda _studio: url)
    with psycopg.connect(url) as made:
        made.execute("SET synchronous_commit = on")  # as servers have it that aren't for tests
        made.execute("CREATE TABLE studio_delivery (key TEXT)")
        made.execute("INSERT INTO studio_delivery VALUES ('kept')")
    server_before = postmaster.find(url)
    before = (server_before.cmdline(), server_before.username())
    with standstill.database(Home(tmp_path), process.Process(os.getpid(), 0)) as told:
        assert told == "PostgreSQL stopped as by a crash"
        assert not _answers(url)
    after = postmaster.find(url)
    assert after.pid != server_before.pid
    assert (after.cmdline(), after.username()) == before
    with psycopg.connect(url) as reader:
        assert reader.execute("SELECT key FROM studio_delivery").fetchall() == [("kept",)]


DRILL = """
import sys, time
from portico.recover import postmaster
with postmaster.stopped(postmaster.find(sys.argv[1]), sys.argv[1]):
    print("stopped", flush=True)
    time.sleep(600)
"""


def test_a_postgresql_that_a_killed_drill_stopped_comes_back_by_itself(server):
    url = server.url("postgres")
    with subprocess.Popen([sys.executable, "-c", DRILL, url], stdout=subprocess.PIPE) as drill:
        try:
            assert drill.stdout.readline() == b"stopped\n"
            assert not _answers(url)
        finally:
            drill.kill()
    until = time.monotonic() + 60
    while not _answers(url):
        assert time.monotonic() < until, "it did not come back"
        time.sleep(0.05)


def test_a_server_elsewhere_is_not_ours_to_stop(monkeypatch):
    assert not postmaster._is_here("db.example.com", "192.0.2.7")
    assert postmaster._is_here("localhost", "127.0.0.1")
    assert postmaster._is_here("/run/postgresql", "")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        told = postmaster.find(f"postgresql://studio@127.0.0.1:{nobody.getsockname()[1]}/x")
    assert "can't be found" in told


def test_postgresql_throws_everybody_out_and_goes_on_afterwards(server):
    url = server.url("postgres")
    with psycopg.connect(url) as made:
        made.execute("CREATE TABLE IF NOT EXISTS studio_delivery (key TEXT)")
    before = psycopg.connect(url, autocommit=True)
    with standstill._postgresql(url), psycopg.connect(url) as writer:
        with pytest.raises(psycopg.OperationalError):
            before.execute("SELECT 1")
        writer.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            writer.execute("INSERT INTO studio_delivery VALUES ('a')")
    before.close()
    with psycopg.connect(url) as writer:
        writer.execute("INSERT INTO studio_delivery VALUES ('a')")
