import subprocess
import sys
import threading
import time

import pytest

from portico.keeper.wake import Wake
from portico.kit.unixsocket import poke

LONG_S = 60


@pytest.fixture
def wake(tmp_path):
    wake = Wake(tmp_path / "keeper.sock")
    yield wake
    wake.close()


def waited_out(wake: Wake) -> bool:
    began = time.monotonic()
    wake.wait(LONG_S)
    return time.monotonic() - began >= LONG_S


def test_a_poke_ends_the_pause_even_when_it_came_before(wake, tmp_path):
    poke(tmp_path / "keeper.sock")
    assert not waited_out(wake)


def test_another_thread_ends_the_pause(wake):
    threading.Thread(target=wake.now).start()
    assert not waited_out(wake)


def test_the_end_of_a_watched_process_ends_the_pause(wake):
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    wake.watch([child.pid])
    child.kill()
    assert not waited_out(wake)
    child.wait()
    child.stdin.close()


def test_a_poke_at_nobody_is_harmless(tmp_path):
    poke(tmp_path / "keeper.sock")
