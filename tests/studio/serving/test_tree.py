import contextlib
import http.client
import os
import signal
import time

import psutil
import pytest

pytestmark = pytest.mark.timeout(300)
PATIENCE_S = 90.0
"""Three processes begin anew meanwhile, beside whatever else this machine does."""


def until(happens, seconds=PATIENCE_S):
    deadline = time.monotonic() + seconds
    while True:
        found = None
        with contextlib.suppress(OSError, psutil.Error):
            found = happens()
        if found:
            return found
        assert time.monotonic() < deadline
        time.sleep(0.05)


def family(live):
    return psutil.Process(live.process.pid).children()


def whole(live):
    """All of its parts; the last one may be born after the first ones answer."""
    children = family(live)
    return children if len(children) == 3 else None


def opens(live):
    host = live.url.removeprefix("http://").strip("/")
    with contextlib.closing(http.client.HTTPConnection(host, timeout=PATIENCE_S)) as connection:
        connection.request("GET", "/studio/")
        return connection.getresponse().status < 400


def test_a_part_that_is_killed_is_back_and_the_tree_ends_with_its_parent(live_studio):
    status, answer = live_studio.ask("GET", "/live")
    assert status == 200
    assert answer["pid"] == live_studio.process.pid
    assert opens(live_studio)
    assert (live_studio.run / "back.sock").stat().st_mode & 0o777 == 0o600

    before = {child.pid for child in until(lambda: whole(live_studio))}
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    until(lambda: {child.pid for child in family(live_studio)} - before)
    assert opens(live_studio)
    assert live_studio.ask("GET", "/live")[0] == 200

    after = family(live_studio)
    os.kill(live_studio.process.pid, signal.SIGKILL)
    until(lambda: not any(child.is_running() and child.status() != "zombie" for child in after))


def test_told_to_end_it_ends_wholly_and_left_nothing_where_it_was_started(live_studio):
    children = until(lambda: whole(live_studio))
    live_studio.process.terminate()
    assert live_studio.process.wait(PATIENCE_S) == 0
    assert not any(child.is_running() for child in children)
    assert {path.name for path in live_studio.run.iterdir()} == {"back.sock", "serve.lock", "log"}
