import os
import subprocess
import sys

import pytest

from portico.keeper import guard
from portico.kit import process


@pytest.fixture
def keeper():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process.of(child.pid)
    child.kill()
    child.wait()
    child.stdin.close()


def test_a_keeper_that_ticks_no_more_is_ended(keeper, tmp_path):
    record = tmp_path / "keeper.json"
    record.touch()
    os.utime(record, (0, 0))
    guard._wait(keeper, record)
    assert not keeper.alive


def test_guard_and_keeper_are_started_with_the_home_and_its_settings(tmp_path):
    command = guard.command("portico.keeper", guard.Home(tmp_path), tmp_path / "portico.toml")
    assert command[1:] == ["-m", "portico.keeper", str(tmp_path), str(tmp_path / "portico.toml")]
