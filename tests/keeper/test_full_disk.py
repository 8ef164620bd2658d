import contextlib
import os
import signal
from pathlib import Path

import psutil
import pytest

from support import smalldisk
from support.stack import Stack, running_stack, until


@pytest.fixture
def disk(tmp_path):
    with smalldisk.mounted(tmp_path / "disk", "24m") as folder:
        yield folder


@pytest.fixture
def stack(disk):
    with running_stack(None, disk) as stack:
        yield stack


def fill(folder: Path) -> Path:
    filler = folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return filler


def test_the_keeper_comes_back_by_itself_once_a_full_disk_has_room(disk: Path, stack: Stack):
    before = stack.alive()
    filler = fill(disk)
    os.kill(before["keeper"], signal.SIGKILL)
    tried: set[int] = set()
    guard = psutil.Process(before["guard"])
    until(
        lambda: tried.update(child.pid for child in guard.children()) or len(tried - {before["keeper"]}) > 2
    )
    assert stack.get("/").status == 200
    filler.unlink()
    until(lambda: stack.alive().get("keeper") not in {None, before["keeper"]})
    assert stack.cli("scale", "a", "1").returncode == 0
