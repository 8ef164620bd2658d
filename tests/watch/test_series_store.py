import contextlib
import math
import threading
from pathlib import Path

import pytest

from portico.config.watching import Watch
from portico.watch.series import shelf
from portico.watch.series.read import Known, Reader
from portico.watch.series.shelf import Shelf, Tier, period
from portico.watch.series.store import Store
from support import smalldisk
from support.seriesfolder import BEGIN, LONG, filled, rows


@pytest.fixture
def store(tmp_path: Path):
    made = Store(tmp_path, LONG, lambda: BEGIN)
    yield made
    made.close()


def sums(folder: Path, key: str = "x", start: float = BEGIN, seconds: float = 7200) -> list[float]:
    return [row.sum for row in rows(Reader(folder), key, Tier.RAW, start, start + seconds)]


def test_a_round_is_read_by_others_as_soon_as_it_is_appended(store: Store, tmp_path: Path):
    reader = Reader(tmp_path)
    for number in range(5):
        store.append(BEGIN + number, {"x": number, "y": -number})
        assert reader.names() == [Known("x", BEGIN + number, number), Known("y", BEGIN + number, -number)]
        assert [row.sum for row in rows(reader, "x", Tier.RAW, BEGIN, BEGIN + 60)] == list(range(number + 1))


def test_series_come_and_go_from_round_to_round(store: Store, tmp_path: Path):
    store.append(BEGIN, {"x": 1.0})
    store.append(BEGIN + 5, {"y": 2.0})
    store.append(BEGIN + 10, {"z": 3.0, "x": 4.0})
    store.append(BEGIN + 15, {})
    assert (sums(tmp_path, "x"), sums(tmp_path, "y"), sums(tmp_path, "z")) == ([1.0, 4.0], [2.0], [3.0])
    store.maintain(BEGIN + 7200)
    assert [known.key for known in Reader(tmp_path).names("x")] == ["x"]


def test_what_is_no_number_counts_as_not_measured(store: Store, tmp_path: Path):
    store.append(BEGIN, {"x": math.nan, "y": 1.0})
    store.append(BEGIN + 5, {"x": math.inf, "y": 2.0})
    store.append(BEGIN + 10, {"x": 3.0, "y": 3.0})
    assert sums(tmp_path) == [3.0]
    store.append(BEGIN + 3600, {"y": 1.0})
    store.maintain(BEGIN + 3700)
    assert sums(tmp_path) == [3.0]
    assert [row.count for row in rows(Reader(tmp_path), "x", Tier.HOUR, BEGIN, BEGIN + 7200)] == [1]


@pytest.mark.parametrize("at", [math.nan, -1.0, 1e12, math.inf])
def test_a_clock_gone_mad_is_told_and_costs_nothing_else(at: float, store: Store, tmp_path: Path):
    store.append(at, {"x": 1.0})
    (told,) = store.troubles()
    assert told.startswith("samples are left out, the clock says")
    store.append(BEGIN, {"x": 2.0})
    assert store.troubles() == []
    assert sums(tmp_path) == [2.0]


def test_as_many_periods_are_kept_as_the_settings_days_make(tmp_path: Path):
    end = BEGIN + 70 * 86400
    ago = [*(days * 86400 for days in (70, 40, 5, 4, 3, 2)), *range(0, 30 * 3600, 3600)]
    filled(tmp_path, {"x": {end - seconds: 1.0 for seconds in ago}})
    few = Store(tmp_path, Watch(raw_days=1, minute_days=3, hour_days=30), lambda: end)
    few.maintain(end)
    kept = {tier: len(Shelf(tmp_path).blocks(tier)) for tier in Tier}
    assert kept == {Tier.RAW: 25, Tier.MINUTE: 4, Tier.HOUR: 2}
    assert sums(tmp_path, start=end - 86400, seconds=86401) == [1.0] * 25


def test_a_clock_that_was_years_ahead_for_an_hour_takes_nothing_that_is_wanted(tmp_path: Path):
    few = Watch(raw_days=1, minute_days=3, hour_days=30)
    store = Store(tmp_path, few)
    for hour in range(20):
        store.append(BEGIN + hour * 3600, {"x": 1.0})
    wrong = BEGIN + 10 * 365 * 86400
    store.append(wrong, {"x": 1.0})
    store.maintain(wrong + 7200)
    for hour in range(20, 24):
        store.append(BEGIN + hour * 3600, {"x": 1.0})
        store.maintain(BEGIN + hour * 3600)
    store.close()
    assert sums(tmp_path, seconds=86400) == [1.0] * 24


def test_a_full_disk_is_told_and_nothing_is_missing_once_it_has_room(tmp_path: Path):
    with smalldisk.mounted(tmp_path / "disk", "1m") as disk:
        folder = disk / "series"
        store = Store(folder, LONG, lambda: BEGIN)
        values = {f"x{number}": 1.0 for number in range(100)}
        store.append(BEGIN, values)
        filler = fill(disk)
        for number in range(1, 100):
            store.append(BEGIN + number, values)
        store.maintain(BEGIN + 7200)
        assert any("can't be written" in told and "No space left" in told for told in store.troubles())
        assert len(sums(folder, "x7")) < 100
        filler.unlink()
        store.append(BEGIN + 100, values)
        store.maintain(BEGIN + 7200)
        store.append(BEGIN + 7200, values)
        store.maintain(BEGIN + 7200)
        assert store.troubles() == []
        assert sums(folder, "x7") == [1.0] * 101
        assert not list(folder.glob("*.tmp"))
        store.close()


def fill(folder: Path) -> Path:
    filler = folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(512))
    return filler


def test_charts_are_right_at_every_moment_of_packing(tmp_path: Path):
    """One thread asks all the time, while hour after hour is written, packed and rolled up."""
    store, reader = Store(tmp_path, LONG, lambda: BEGIN), Reader(tmp_path)
    written, done, wrong = [0], threading.Event(), []

    def ask() -> None:
        while not done.is_set():
            low = written[0]
            for tier in Tier:
                total = sum(row.sum for row in rows(reader, "x", tier, BEGIN, BEGIN + 86400))
                if not low <= total <= written[0] + 1:
                    wrong.append((tier, low, total, written[0]))

    asking = threading.Thread(target=ask)
    asking.start()
    for number in range(12 * 60):
        store.append(BEGIN + number * 60, {"x": 1.0})
        written[0] = number + 1
        if number % 10 == 3:
            store.maintain(BEGIN + number * 60)
    done.set()
    asking.join()
    store.close()
    assert wrong == []
    assert reader.troubles() == []


def test_a_damaged_file_is_mended_once_a_full_disk_has_room(tmp_path: Path):
    with smalldisk.mounted(tmp_path / "disk", "1m") as disk:
        folder = disk / "series"
        filled(folder, {"x": {BEGIN + at: float(at) for at in (*range(0, 3600, 5), 7200)}})
        (block,) = folder.glob("raw-*.block")
        block.write_bytes(block.read_bytes()[:-10])
        store = Store(folder, LONG, lambda: BEGIN)
        filler = fill(disk)
        store.maintain(BEGIN + 7200)
        assert store.troubles() == [f"{block.stem} can't be checked: the disk is full, nothing was changed"]
        assert len(sums(folder, seconds=3600)) == 720
        filler.unlink()
        store.maintain(BEGIN + 7205)
        (told,) = store.troubles()
        assert "was damaged" in told
        assert len(sums(folder, seconds=3600)) == 720
        store.close()


def test_two_writers_for_a_moment_lose_nothing(store: Store, tmp_path: Path):
    """As one watcher ends and the next begins."""
    other = Store(tmp_path, LONG, lambda: BEGIN)
    for number in range(100):
        (store, other)[number % 2].append(BEGIN + number * 60, {"x": float(number)})
        (store, other)[number % 3 % 2].maintain(BEGIN + number * 60)
    assert sums(tmp_path) == [float(number) for number in range(100)]
    assert store.troubles() == other.troubles() == Reader(tmp_path).troubles() == []
    other.close()


def test_files_that_are_none_of_ours_are_left_alone(store: Store, tmp_path: Path):
    for name in ("raw-yesterday.block", "minute-2026-13-01.block", "notes.txt", "hour-2026-1.block"):
        (tmp_path / name).write_text("mine")
    store.append(BEGIN, {"x": 1.0})
    store.maintain(BEGIN + 7200)
    assert sums(tmp_path) == [1.0]
    assert store.troubles() == []
    assert (tmp_path / "raw-yesterday.block").read_text() == "mine"


@pytest.mark.parametrize("tier", list(Tier))
@pytest.mark.parametrize("at", [0.0, BEGIN, 951782400.0, 4102444799.9, 249_999_999_999.0])
def test_a_periods_name_says_which_it_is(tier: Tier, at: float):
    found = period(tier, at)
    assert found.start <= at < found.end
    assert shelf.named(found.name) == found
    assert period(tier, found.end).start == found.end


def test_what_a_killed_writer_left_half_written_is_removed(store: Store, tmp_path: Path):
    (tmp_path / ".raw-2026-11-23T07.block.0a1b2c3d.tmp").write_bytes(b"half")
    store.append(BEGIN, {"x": 1.0})
    store.maintain(BEGIN)
    assert not list(tmp_path.glob(".*.tmp"))


def test_a_file_that_cannot_be_read_is_told_until_it_is_taken_away(store: Store, tmp_path: Path):
    odd = Shelf(tmp_path).block(period(Tier.RAW, BEGIN))
    odd.mkdir()
    store.maintain(BEGIN)
    assert "can't be checked" in store.troubles()[0]
    odd.rmdir()
    store.maintain(BEGIN)
    assert store.troubles() == []


def test_a_journal_that_is_taken_away_again_and_again_is_told_a_bounded_number_of_times(
    store: Store, tmp_path: Path
):
    journal = Shelf(tmp_path).journal(period(Tier.RAW, BEGIN))
    for number in range(30):
        store.append(BEGIN + number, {"x": 1.0})
        journal.unlink()
    assert 0 < len(list((tmp_path / "damaged").iterdir())) <= 8
