"""The journal: what is in it is whole and stays, also when its writer is killed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portico.intake import journal, post
from portico.intake.journal import Journal
from portico.kit.errors import PorticoError
from support import smalldisk

EARLY = f"{1_700_000_000_000}.{'a' * 32}.contact"
LATER = f"{1_700_000_000_001}.{'b' * 32}.a-second-form"


@pytest.fixture
def intake(tmp_path: Path) -> Path:
    journal.create(tmp_path / "intake")
    return tmp_path / "intake"


@pytest.fixture
def posts(intake: Path) -> Journal:
    return Journal(intake / journal.POSTS)


def test_posts_stand_in_the_order_of_their_coming(posts: Journal):
    posts.append(LATER, b"later", alone=True)
    posts.append(EARLY, b"early")
    assert posts.names() == [EARLY, LATER]
    assert (posts.read(EARLY), posts.read(LATER)) == (b"early", b"later")


def test_one_without_a_copy_is_marked_until_it_has_one(posts: Journal):
    posts.append(EARLY, b"early")
    posts.append(LATER, b"later", alone=True)
    assert posts.alone() == [LATER]
    posts.copied(LATER)
    posts.copied(EARLY)
    assert posts.alone() == []
    assert posts.names() == [EARLY, LATER]
    assert posts.read(LATER) == b"later"


def test_what_is_removed_is_gone_and_gone_again_does_nothing(posts: Journal):
    posts.append(EARLY, b"early")
    posts.append(LATER, b"later", alone=True)
    for name in EARLY, LATER, EARLY:
        posts.remove(name)
    assert posts.names() == []
    assert not posts.has(EARLY)
    with pytest.raises(FileNotFoundError):
        posts.read(EARLY)


def test_what_can_not_be_delivered_is_put_aside(posts: Journal, intake: Path):
    posts.append(EARLY, b"early")
    posts.quarantine(EARLY)
    assert posts.names() == []
    assert Journal(intake / journal.QUARANTINE).read(EARLY) == b"early"


def test_a_key_is_known_by_the_name_of_who_came_first(posts: Journal, intake: Path):
    again = EARLY.replace("1700000000000", "1700000000009")
    assert posts.reserve(EARLY) == EARLY
    assert posts.reserve(again) == EARLY
    assert Journal(intake / journal.COPIES).reserve(again) == EARLY
    posts.remove(EARLY)
    assert posts.reserve(again) == again


def test_only_posts_are_listed_and_a_folder_that_is_not_there_holds_none(posts: Journal, intake: Path):
    (intake / journal.POSTS / "readme.txt").write_text("no post")
    assert posts.names() == []
    assert Journal(intake / "nowhere").names() == []


def test_what_a_killed_writer_left_is_swept_and_no_others_work(posts: Journal, intake: Path):
    old, young = (intake / journal.POSTS / f".{EARLY}.{number}.tmp" for number in "12")
    for file in old, young:
        file.write_bytes(b"half")
    os.utime(old, (time.time() - 3600,) * 2)
    posts.sweep()
    assert (old.exists(), young.exists()) == (False, True)


def test_its_folders_are_for_their_owner_alone(intake: Path):
    folders = [intake, *(path for path in intake.rglob("*") if path.is_dir())]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path):
    with smalldisk.mounted(tmp_path / "disk", "64k") as disk:
        journal.create(disk / "intake")
        posts = Journal(disk / "intake" / journal.POSTS)
        with pytest.raises(PorticoError, match="the disk is full"):
            posts.append(EARLY, bytes(100_000))
        assert posts.names() == []
        posts.append(LATER, b"fits")
        assert posts.read(LATER) == b"fits"


WRITER = """
import sys, itertools
from pathlib import Path
from portico.intake.journal import Journal
posts = Journal(Path(sys.argv[1]))
for number in itertools.count():
    name = f"{number:013d}.{number:032x}.contact"
    posts.append(name, name.encode() * 500)
    print(name, flush=True)
"""


def test_what_was_said_to_be_written_is_there_and_whole_after_a_kill(posts: Journal, intake: Path):
    for _ in range(3):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(intake / journal.POSTS)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout
        said = [writer.stdout.readline().strip() for _ in range(30)]
        writer.kill()
        said += writer.stdout.read().split()
        writer.wait()
        writer.stdout.close()
        kept = posts.names()
        assert {name for name in said if name.endswith(".contact")} <= set(kept)
        for name in kept:
            assert posts.read(name) == name.encode() * 500


def test_a_name_tells_when_by_which_key_to_which_form(posts: Journal):
    assert post.parse_name(EARLY) == post.Name(1_700_000_000.0, "a" * 32, "contact")
    for wrong in ("", "contact", f"../{EARLY}", EARLY + ".x/y", EARLY.upper(), EARLY + "\n"):
        assert post.parse_name(wrong) is None
        with pytest.raises(ValueError, match="no post's name"):
            posts.reserve(wrong)
