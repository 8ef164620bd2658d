"""A full disk: the site is served, the keeper goes on, and it is told."""

import contextlib
import os
import signal
from pathlib import Path

import pytest

from portico.kit import ballast
from support import inboxes, smalldisk
from support.stack import Stack, running_stack, until

SETTINGS = """
[watch]
enabled = true
every_s = 1
[[notify.channels]]
name = "hook"
url = "json://127.0.0.1:{port}/"
"""


@pytest.fixture
def disk(tmp_path):
    with smalldisk.mounted(tmp_path / "disk", "24m") as folder:
        yield folder


@pytest.fixture
def hook():
    with inboxes.hook() as opened:
        yield opened


@pytest.fixture
def stack(disk, hook):
    with running_stack(None, disk, SETTINGS.format(port=hook.port)) as stack:
        yield stack


def fill(folder: Path) -> Path:
    filler = folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return filler


def test_a_full_disk_is_told_and_the_keeper_heals_and_obeys_all_the_same(disk: Path, stack: Stack, hook):
    until(lambda: stack.home.ballast.exists() and "watcher" in stack.alive(), what="the ballast")
    before = stack.alive()
    filler = fill(disk)
    os.kill(before["keeper"], signal.SIGKILL)
    until(lambda: stack.alive().get("keeper") not in {None, before["keeper"]}, what="another keeper")
    os.kill(before["a1"], signal.SIGKILL)
    until(lambda: stack.alive().get("a1") not in {None, before["a1"]}, what="another replica")
    assert stack.get("/").status == 200
    until(lambda: any("disk" in str(got).lower() for got in hook.got), what="the message")
    filler.unlink()
    assert stack.cli("scale", "a", "1").returncode == 0


def test_ballast_is_laid_while_there_is_plenty_of_room_and_given_up_once(disk: Path):
    held = disk / "ballast"
    assert ballast.lay(held)
    assert 0 < held.stat().st_size <= 24 * 2**20 / ballast.SHARE
    assert ballast.give_up(held)
    assert not ballast.give_up(held)


def test_no_ballast_is_laid_right_after_it_was_given_up(disk: Path):
    held = disk / "ballast"
    ballast.lay(held)
    fill(disk)
    ballast.give_up(held)
    assert not ballast.lay(held)
    assert list(disk.glob("ballast*")) == []
