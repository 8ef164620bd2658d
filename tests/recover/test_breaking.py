"""A disk that is full and a database that stands still are what they say, and over when they are over."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from portico.config.home import Home
from portico.kit import process
from portico.recover import fulldisk, standstill
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


@pytest.fixture
def server() -> Iterator[postgres.Server]:
    with contextlib.ExitStack() as ending:
        try:
            yield ending.enter_context(postgres.running())
        except postgres.MissingError as why:
            pytest.skip(str(why))


def test_postgresql_throws_everybody_out_and_goes_on_afterwards(server):
    url = server.url("postgres")
    with psycopg.connect(url) as made:
        made.execute("CREATE TABLE studio_delivery (key TEXT)")
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
