"""Other processes render what this one would: those that share a freeze, and the one at another time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import psutil
import pytest

from portico.studio.freezing import freeze, twin
from portico.studio.freezing.refused import RefusedError
from portico.studio.freezing.rendering import many
from portico.studio.models import LegalPage
from support import frozen, studios


@pytest.fixture
def told(studio_frozen, monkeypatch):
    """Other processes learn of the studio as ever, from the environment."""
    for name, value in studios.environment(studio_frozen.data, studio_frozen.database).items():
        monkeypatch.setenv(name, value)
    return studio_frozen.data / "frozen"


@pytest.mark.timeout(300)
def test_pages_that_several_processes_share_are_those_of_one(told, tmp_path, monkeypatch):
    monkeypatch.setattr(many, "PARALLEL_FROM", 2)
    assert frozen.difference(frozen.from_nothing(tmp_path / "shared"), frozen.state(told)) == []


@pytest.mark.timeout(300)
def test_the_starters_pages_are_the_same_at_another_time(told):
    twin.check(told)


@pytest.mark.timeout(300)
def test_a_page_that_differs_at_another_time_is_told(told, monkeypatch):
    monkeypatch.setattr(LegalPage, "template", "studio/page.html")
    LegalPage.objects.update(summary="In this process alone, it has another template")
    freeze.run()
    with pytest.raises(RefusedError, match="another page at another time"):
        twin.check(told)


POOL = """
import multiprocessing, os, sys, time
from concurrent.futures import ProcessPoolExecutor
from portico.studio.freezing.rendering import worker
if __name__ == "__main__":
    pool = ProcessPoolExecutor(2, multiprocessing.get_context("spawn"), worker.end_with_parent)
    print(pool.submit(os.getpid).result(), flush=True)
    time.sleep(600)
"""


def test_processes_that_render_end_with_the_one_that_was_killed(tmp_path):
    script = tmp_path / "pool.py"
    script.write_text(POOL)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True) as parent:
        child = psutil.Process(int(parent.stdout.readline()))
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        child.wait(timeout=60)
