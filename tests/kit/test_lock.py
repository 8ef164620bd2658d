"""One holder at a time; the kernel lets go when the holder dies."""

import subprocess
import sys
import threading

from portico.kit import lock

HOLDER = """
import pathlib, sys
from portico.kit import lock
with lock.held(pathlib.Path(sys.argv[1])) as mine:
    print("held" if mine else "taken", flush=True)
    sys.stdin.read()
"""


def holder(path):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    return process, process.stdout.readline().strip()


def test_the_second_one_is_told_at_once_that_it_is_taken(tmp_path):
    with lock.held(tmp_path / "lock") as first, lock.held(tmp_path / "lock") as second:
        assert (first, second) == (True, False)


def test_it_is_free_again_after_the_block(tmp_path):
    with lock.held(tmp_path / "lock"):
        pass
    with lock.held(tmp_path / "lock") as mine:
        assert mine


def test_it_is_free_again_when_its_holder_was_killed(tmp_path):
    process, said = holder(tmp_path / "lock")
    with process:
        assert said == "held"
        with lock.held(tmp_path / "lock") as mine:
            assert not mine
        process.kill()
        process.wait()
        with lock.held(tmp_path / "lock") as mine:
            assert mine


def test_who_waits_gets_it_when_the_holder_ends(tmp_path):
    process, said = holder(tmp_path / "lock")
    got = threading.Event()

    def wait():
        with lock.held(tmp_path / "lock", wait=True) as mine:
            assert mine
            got.set()

    with process:
        assert said == "held"
        waiter = threading.Thread(target=wait)
        waiter.start()
        assert not got.is_set()
        process.kill()
        waiter.join(60)
    assert got.is_set()


def test_a_child_that_outlives_the_holder_does_not_keep_it(tmp_path):
    """The descriptor is not inherited: a replica must never hold the keeper's lock."""
    with lock.held(tmp_path / "lock"):
        child = subprocess.Popen(
            [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE
        )
    with child:
        with lock.held(tmp_path / "lock") as mine:
            assert mine
        child.kill()
