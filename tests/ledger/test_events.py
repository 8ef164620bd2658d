"""Events are appended and never changed, by as many processes as like to, also when one is killed."""

import contextlib
import signal
import sqlite3
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.kit.errors import UnavailableError
from portico.ledger.ledger import Ledger

WRITER = """
import pathlib, sys
from portico.ledger.ledger import Ledger
ledger = Ledger(pathlib.Path(sys.argv[1]))
count = 0
while count < int(sys.argv[2]):
    ledger.record("tick", sys.argv[3], count=count)
    count += 1
    print(count, flush=True)
"""


def writer(path, count, name="w"):
    command = [sys.executable, "-c", WRITER, str(path), str(count), name]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_an_event_is_read_as_it_was_recorded(ledger):
    told = ledger.record("live", "f00", before=None, order=3, seconds=0.25, sentence="ü")
    (read,) = ledger.events()
    assert read == told
    assert read.data == {"before": None, "order": 3, "seconds": 0.25, "sentence": "ü"}


def test_who_follows_gets_the_oldest_first_in_portions(ledger):
    for number in range(5):
        ledger.record("tick", str(number))
    first = ledger.events(after=1, first=2)
    assert [event.seq for event in first] == [2, 3]
    assert [event.seq for event in ledger.events(after=first[-1].seq, first=9)] == [4, 5]


@given(st.floats(0, 4e9), st.floats(allow_nan=False, allow_infinity=False))
def test_the_chain_holds_at_any_time_and_with_any_number(at, number):
    ledger = Ledger(":memory:", now=lambda: at)
    try:
        ledger.record("k", number=number)
        assert ledger.verify().broken is None
    finally:
        ledger.close()


def test_events_are_asked_for_by_kind_place_and_number(ledger):
    for number in range(4):
        ledger.record("even" if number % 2 == 0 else "odd", str(number))
    assert [event.subject for event in ledger.events(kind="odd")] == ["1", "3"]
    assert [event.subject for event in ledger.events(after=2)] == ["2", "3"]
    assert [event.subject for event in ledger.events(last=2)] == ["2", "3"]
    assert [event.subject for event in ledger.events(kind="even", last=1)] == ["2"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET kind = 'forged'",
        "DELETE FROM events",
        "REPLACE INTO events SELECT seq, at, 'forged', subject, data, hash FROM events",
    ],
)
def test_the_database_itself_refuses_to_change_an_event(ledger, path, statement):
    told = ledger.record("live", "f00")
    forger = sqlite3.connect(path, isolation_level=None)
    with pytest.raises(sqlite3.DatabaseError, match="append-only"):
        forger.execute(statement)
    forger.close()
    assert ledger.events() == [told]


def test_who_goes_around_the_database_is_found_out(ledger, path):
    for number in range(3):
        ledger.record("tick", number=number)
    forger = sqlite3.connect(path, isolation_level=None)
    forger.execute("DROP TRIGGER events_are_never_changed")
    forger.execute("""UPDATE events SET data = '{"number":7}' WHERE seq = 2""")
    forger.close()
    verified = ledger.verify()
    assert (verified.checked, verified.broken, verified.reason) == (1, 2, "event 2 was changed")


def test_what_fails_together_leaves_nothing(ledger):
    with contextlib.suppress(TypeError), ledger.writing():
        ledger.record("first")
        ledger.record("second", bad=object())
    assert ledger.events() == []
    ledger.record("third")
    assert ledger.verify().checked == 1


def test_the_others_see_what_is_written_together_at_once(ledger, open_ledger):
    other = open_ledger()
    with ledger.writing():
        ledger.record("first")
        ledger.want("snapshot", "f00")
        assert other.events() == []
        assert other.wanted() == {}
    assert len(other.events()) == 1
    assert other.wanted() == {"snapshot": "f00"}


def test_writers_in_several_processes_keep_the_chain_whole(path, ledger):
    writers = [writer(path, 25, name) for name in "abc"]
    for one in writers:
        with one:
            one.communicate()
        assert one.returncode == 0
    verified = ledger.verify()
    assert (verified.checked, verified.broken) == (75, None)
    for name in "abc":
        counts = [event.data["count"] for event in ledger.events() if event.subject == name]
        assert counts == list(range(25))


def test_a_killed_writer_loses_nothing_that_it_had_recorded(path, ledger):
    with writer(path, 1_000_000) as one:
        told = 0
        while told < 20:
            told = int(one.stdout.readline())
        one.kill()
        told = int((one.stdout.read().split() or [told])[-1])
    assert one.returncode == -signal.SIGKILL
    verified = ledger.verify()
    assert verified.broken is None
    assert told <= verified.checked <= told + 1
    ledger.record("after")
    assert ledger.verify().checked == verified.checked + 1


def test_a_file_that_is_no_ledger_is_one_clear_line(path):
    path.write_bytes(b"this is not SQLite" * 100)
    with pytest.raises(UnavailableError, match="the ledger can't be opened: file is not a database"):
        Ledger(path)


def test_a_ledger_that_was_never_made_is_not_made_by_looking(path):
    with pytest.raises(UnavailableError, match="nothing was ever started here"):
        Ledger.existing(path)
    assert not path.exists()


def test_an_existing_ledger_is_opened(ledger, path):
    ledger.record("live")
    existing = Ledger.existing(path)
    assert len(existing.events()) == 1
    existing.close()


def test_events_of_a_kind_are_found_without_reading_all_others(ledger):
    ledger.record("live", "first")
    with ledger.writing():
        for number in range(2000):
            ledger.record("message.sent", str(number))
    steps = []
    ledger._db.set_progress_handler(lambda: steps.append(None), 100)
    assert [event.subject for event in ledger.events(kind="live", last=1)] == ["first"]
    assert ledger.events(kind="none") == []
    assert len(steps) < 10
