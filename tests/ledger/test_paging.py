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


def walked(ledger: Ledger, wanted: Wanted, most: int = 3) -> list[int]:
    """All pages from the newest to the oldest."""
    found, before = [], None
    while True:
        page = paging.page(ledger, wanted, most, before=before)
        found += seqs(page.events)
        if page.older is None:
            return found
        before = page.older


@pytest.mark.parametrize("looked", [1, 2, 5, 200_000])
@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(about="a1"),
        Wanted(about="b"),
        Wanted(about="nobody"),
        Wanted(text="died"),
        Wanted(kind="replica."),
        Wanted(kind="replica.died", text="a"),
    ],
)
def test_page_by_page_everything_is_found_however_little_one_look_goes_through(
    written: Ledger, monkeypatch: pytest.MonkeyPatch, wanted: Wanted, looked: int
):
    monkeypatch.setattr(paging, "LOOKED", looked)
    assert walked(written, wanted) == seqs(paging.newest(written, wanted, most=99))


def test_one_look_goes_through_so_many_events_and_says_how_far_back(
    written: Ledger, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(paging, "LOOKED", 4)
    every = paging.newest(written, Wanted(), most=99)
    page = paging.page(written, Wanted(about="a1"), 3)
    assert (page.events, page.older, page.back_to) == ([], 13, every[-13].at)
    further = paging.page(written, Wanted(about="a1"), 3, before=page.older)
    assert (further.events, further.older, further.newer) == ([], 9, 12)


def test_the_way_back_to_the_newest_misses_nothing(written: Ledger, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(paging, "LOOKED", 2)
    found, after = [], 1
    while after is not None:
        page = paging.page(written, Wanted(text="a"), 3, after=after)
        found, after = [*seqs(page.events), *found], page.newer
    assert found == [seq for seq in seqs(paging.newest(written, Wanted(text="a"), most=99)) if seq > 1]


def test_a_look_by_time_reads_around_that_time_alone(tmp_path: Path):
    clock = Clock()
    ledger = Ledger(tmp_path / "long.db", now=clock)
    with ledger.writing():
        for number in range(3000):
            ledger.record("live", str(number))
    wanted = Wanted(since=10_000.0, until=10_030.0)
    low, high = paging._bounds(ledger, wanted)
    assert high - low < 3000 / 3
    assert seqs(paging.page(ledger, wanted, 50).events) == [1002, 1001, 1000]
    assert paging.page(ledger, Wanted(since=99_999.0), 50).events == []
    ledger.close()


def test_a_clock_that_was_set_back_hides_nothing(tmp_path: Path):
    clock = Clock()
    ledger = Ledger(tmp_path / "back.db", now=clock)
    for at in (5000.0, 6000.0, 4000.0, 7000.0):
        clock.now = at
        ledger.record("live", str(at))
    assert seqs(paging.page(ledger, Wanted(until=4500.0), 9).events) == [3]
    ledger.close()


def test_an_empty_ledger_has_an_empty_page(tmp_path: Path):
    ledger = Ledger(tmp_path / "empty.db")
    assert paging.page(ledger, Wanted(since=1.0, until=2.0, about="a"), 9) == paging.Page([])
    ledger.close()
