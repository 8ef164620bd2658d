"""Events found again, a page at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from portico.ledger import paging
from portico.ledger.ledger import Ledger
from portico.ledger.paging import Wanted


class Clock:
    now = 0.0

    def __call__(self) -> float:
        self.now += 10.0
        return self.now


@pytest.fixture
def written(tmp_path: Path):
    ledger = Ledger(tmp_path / "ledger.db", now=Clock())
    for number in range(1, 8):
        ledger.record("replica.died", f"a{number}", cluster="a", signal=9)
        ledger.record("replica.started", f"a{number}", cluster="a")
    ledger.record("replicated", "b", note="Ümlaut 100% _")
    ledger.record("live", "f" * 64)
    yield ledger
    ledger.close()


def seqs(events):
    return [event.seq for event in events]


def test_the_newest_come_first_and_pages_meet_without_a_gap(written: Ledger):
    first = paging.newest(written, Wanted(), most=6)
    second = paging.newest(written, Wanted(), most=6, before=first[-1].seq)
    assert seqs(first + second) == list(range(16, 4, -1))
    assert seqs(paging.newer(written, Wanted(), second[0].seq, 6)) == seqs(first)


def test_a_kind_with_a_dot_stands_for_its_family_alone(written: Ledger):
    assert len(paging.newest(written, Wanted(kind="replica."), most=99)) == 14
    assert len(paging.newest(written, Wanted(kind="replica.died"), most=99)) == 7


def test_text_is_looked_for_as_it_is(written: Ledger):
    assert seqs(paging.newest(written, Wanted(text="100% _"), most=9)) == [15]
    assert seqs(paging.newest(written, Wanted(text="fff"), most=9)) == [16]
    assert paging.newest(written, Wanted(text="%"), most=9) == paging.newest(
        written, Wanted(text="_"), most=9
    )


def test_a_search_ends_where_it_is_told_to(written: Ledger):
    assert seqs(paging.newest(written, Wanted(about="a"), most=99, after=10)) == [14, 13, 12, 11]
    assert seqs(paging.newest(written, Wanted(), most=99, before=13, after=10)) == [12, 11]


def test_what_is_about_a_part_names_it_as_subject_or_place(written: Ledger):
    assert len(paging.newest(written, Wanted(about="a1"), most=99)) == 2
    assert len(paging.newest(written, Wanted(about="a"), most=99)) == 14


def test_a_time_bounds_what_is_found(written: Ledger):
    every = paging.newest(written, Wanted(), most=99)
    third = every[-3].at
    found = paging.newest(written, Wanted(since=third, until=third + 1), most=99)
    assert seqs(found) == [3]


def test_kinds_are_counted(written: Ledger):
    assert paging.kinds(written) == {"live": 1, "replica.died": 7, "replica.started": 7, "replicated": 1}
    assert paging.last_seq(written) == 16


def test_the_chain_is_checked_in_chunks_as_it_is_whole(written: Ledger, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(paging, "_CHUNK", 3)
    assert paging.verify(written) == written.verify()


def test_a_changed_event_breaks_the_chain(written: Ledger):
    written.ask("DROP TRIGGER events_are_never_changed")
    written.ask("UPDATE events SET subject = 'b9' WHERE seq = 5")
    assert paging.verify(written).broken == 5
