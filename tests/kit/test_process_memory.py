"""Programs in Python share one arena of memory among their threads; what they start does not inherit that."""

import sys
import time

import pytest

from portico.kit import process

TELL = "import os; print('arenas', os.environ.get('MALLOC_ARENA_MAX'), flush=True)"
START_ANOTHER = f"""
from pathlib import Path
from portico.kit import process
process.spawn(["/bin/sh", "-c", "echo arenas $MALLOC_ARENA_MAX"], cwd=Path(), log=Path("other"))
{TELL}
process.reap()
"""


def told(file):
    deadline = time.monotonic() + 60
    while not (file.exists() and file.read_text().endswith("\n")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return file.read_text().strip()


@pytest.fixture
def started():
    found = []
    yield found
    for one in found:
        process.kill(one)


def test_python_has_one_arena_and_others_as_many_as_they_like(tmp_path, started):
    started.append(
        process.spawn([sys.executable, "-c", START_ANOTHER], cwd=tmp_path, log=tmp_path / "python")
    )
    assert told(tmp_path / "python") == "arenas 1"
    assert told(tmp_path / "other") == "arenas"
