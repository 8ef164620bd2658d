"""Killed at any moment, or beside another one, the keeping of incidents loses and doubles nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading

import pytest

from portico.ledger import incidents as kept
from portico.ledger.ledger import Ledger
from portico.model import Finding, Severity
from portico.respond.incidents import book

BEGAN = 1_700_000_000.0

KEEPING = """
import sys
from pathlib import Path
from portico.ledger.ledger import Ledger
from portico.respond.incidents import book
now = float(sys.argv[2])
ledger = Ledger(Path(sys.argv[1]), now=lambda: now)
print("ready", flush=True)
while True:
    book.keep(ledger, now)
"""


class PowerCutError(Exception):
    """Stands for a process that ends in the middle of a statement."""


def happen(path, *, now=lambda: BEGAN) -> None:
    """A day's troubles, written by the keeper and the watcher."""
    ledger = Ledger(path, now=now)
    down = Finding("cluster-down:a", Severity.CRITICAL, "No replica of cluster a answers.")
    hung = Finding("replica-hung:a2", Severity.WARNING, "Replica a2 runs but doesn't answer.")
    for name in ("a1", "a2"):
        ledger.record("replica.died", name, cluster="a")
    for found in ([down], [down, hung], [hung], []):
        ledger.reconcile_findings({finding.key: finding for finding in found})
    for name in ("a1", "a2"):
        ledger.record("replica.started", name, cluster="a")
    ledger.record("edge.died", "edge", pid=3)
    ledger.record("edge.started", "edge", pid=4)
    ledger.close()


def summed_up(path) -> list:
    ledger = Ledger(path)
    found = [
        (one.title, one.severity, one.cause, one.open, [(m.key, m.over) for m in one.members])
        for one in kept.last(ledger, 100)
    ]
    told = [(event.kind, event.subject) for event in ledger.events() if event.kind.startswith("incident.")]
    ledger.close()
    return [found, told]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    path = tmp_path_factory.mktemp("undisturbed") / "ledger.db"
    first = Ledger(path)
    book.keep(first, BEGAN)
    happen(path)
    book.keep(first, BEGAN + 100)
    first.close()
    return summed_up(path)


def test_a_call_that_is_cut_short_at_any_statement_is_made_good_by_the_next(tmp_path, undisturbed):
    cut, survived, before = 0, False, tmp_path / "before.db"
    first = Ledger(before)
    book.keep(first, BEGAN)
    first.close()
    happen(before)
    while not survived:
        cut += 1
        path = shutil.copy(before, tmp_path / f"{cut}.db")
        survived = not _cut_short(path, cut)
        again = Ledger(path)
        book.keep(again, BEGAN + 100)
        again.close()
        assert summed_up(path) == undisturbed, f"cut at statement {cut}"
    assert cut > 5


def _cut_short(path, statement: int) -> bool:
    """Whether the call was cut at its so manieth statement that writes."""
    ledger = Ledger(path)
    left = [statement]

    def progress(*_args: object) -> None:
        left[0] -= 1
        if left[0] <= 0:
            raise PowerCutError

    whole = ledger.put
    ledger.put = lambda *args: (progress(), whole(*args))[1]
    try:
        book.keep(ledger, BEGAN + 100)
    except PowerCutError:
        return True
    finally:
        ledger.close()
    return False


def test_two_watchers_at_once_make_each_incident_once(tmp_path, undisturbed):
    path = tmp_path / "ledger.db"
    first = Ledger(path)
    book.keep(first, BEGAN)
    first.close()
    ended = threading.Event()

    def watch() -> None:
        ledger = Ledger(path)
        while not ended.is_set():
            book.keep(ledger, BEGAN)
        ledger.close()

    watchers = [threading.Thread(target=watch) for _ in range(2)]
    for watcher in watchers:
        watcher.start()
    happen(path)
    ended.set()
    for watcher in watchers:
        watcher.join()
    last = Ledger(path)
    book.keep(last, BEGAN + 100)
    last.close()
    found, told = summed_up(path)
    assert found == undisturbed[0]
    assert [kind for kind, _ in told].count("incident.opened") == len(found)
    assert [kind for kind, _ in told].count("incident.closed") == len(found)


def test_killed_with_9_again_and_again_it_goes_on_where_it_was(tmp_path):
    path, now = tmp_path / "ledger.db", [BEGAN]
    writer = Ledger(path, now=lambda: now[0])
    book.keep(writer, now[0])
    for turn in range(3):
        now[0] += 1
        command = [sys.executable, "-c", KEEPING, path, str(now[0])]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout.readline() == b"ready\n"
        key = f"site-unreachable:{turn}"
        found = {key: Finding(key, Severity.CRITICAL, "Visitors get no answer.")}
        writer.reconcile_findings(found, source="watch")
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    book.keep(writer, now[0])
    (incident,) = kept.current(writer)
    assert [member.key for member in incident.members] == [f"site-unreachable:{n}" for n in range(3)]
    assert [member.over is None for member in incident.members] == [False, False, True]
    assert writer.verify().broken is None
    writer.close()
