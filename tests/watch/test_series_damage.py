"""Bytes that rot, files that are cut or overwritten: what is lost is said, what is told is true."""

import random
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portico.watch.series.read import Reader
from portico.watch.series.shelf import Tier
from portico.watch.series.store import Store
from support.seriesfolder import BEGIN, LONG, expected, filled, rows

KEYS = [f'portico_bytes_total{{part="{number}"}}' for number in range(6)]
DICE = random.Random(7)
LAST = 3 * 3600 + 900
SAMPLES = {key: {BEGIN + at: float(DICE.randrange(100)) for at in range(0, LAST, 30)} for key in KEYS}
END = BEGIN + 4 * 3600
LATER = END + 3600


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("series") / "whole"
    filled(folder, SAMPLES)
    return folder


def flip(data: bytes, place: int, size: int) -> bytes:
    return data[:place] + bytes(byte ^ 0x55 for byte in data[place : place + size]) + data[place + size :]


DAMAGES = {
    "flip": flip,
    "cut": lambda data, place, _: data[:place],
    "overwrite": lambda data, place, size: data[:place] + b"\xff" * size + data[place + size :],
    "remove": lambda data, place, size: data[:place] + data[place + size :],
    "insert": lambda data, place, size: data[:place] + b"\xf5ser" * size + data[place:],
    "garbage": lambda data, place, _: random.Random(place).randbytes(len(data)),
    "append": lambda data, _, size: data + bytes(size),
}


def damaged(file: Path, how: str, where: float, size: int) -> bool:
    """In place, as rot and other programs do it; returns whether anything is another now."""
    data = file.read_bytes()
    changed = DAMAGES[how](data, min(len(data) - 1, int(where * len(data))), size)
    with file.open("r+b") as opened:
        opened.write(changed)
        opened.truncate()
    return changed != data


@settings(max_examples=40, deadline=None)
@given(
    which=st.floats(0, 0.999),
    how=st.sampled_from(sorted(DAMAGES)),
    where=st.floats(0, 1),
    size=st.integers(1, 400),
    told_first=st.booleans(),
)
def test_damage_anywhere_is_told_and_neither_side_stops(
    whole: Path, which: float, how: str, where: float, size: int, told_first: bool
):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "series"
        shutil.copytree(whole, folder)
        store, reader = Store(folder, LONG, lambda: LATER), Reader(folder)
        store.append(BEGIN + LAST, {"other": 1.0})
        if told_first:
            assert lost(reader) == 0
        files = sorted(folder.glob("*-*"))
        assume(damaged(files[int(which * len(files))], how, where, size))
        missing = lost(reader)
        store.append(BEGIN + LAST + 30, {"other": 2.0})
        for at in (END + 60, LATER + 60):
            store.append(at, dict.fromkeys(KEYS, 3.0))
            store.maintain(at)
        assert store.troubles()
        assert all("damaged" in told or "was cut" in told for told in store.troubles())
        assert missing == 0 or reader.troubles() or store.troubles()
        lost(Reader(folder))
        fresh = rows(Reader(folder), KEYS[0], Tier.RAW, END, LATER + 3600)
        assert [row.sum for row in fresh] == [3.0, 3.0]
        assert Reader(folder).troubles() == []
        store.close()


def lost(reader: Reader) -> int:
    """How many samples and rows a reader misses; none that it tells may be wrong."""
    missing = 0
    for key, series in SAMPLES.items():
        chart = reader.query(key, BEGIN, BEGIN + LAST, 10**6)
        samples = {row.at: row.sum for row in chart.rows if chart.step < Tier.MINUTE.step}
        assert samples.items() <= series.items()
        missing += len(series) - len(samples)
        for tier in (Tier.MINUTE, Tier.HOUR):
            good = {row.at: row for row in expected(series, tier.step)}
            for row in rows(reader, key, tier, BEGIN, BEGIN + LAST):
                good_row = good.pop(row.at)
                assert row.count <= good_row.count
                assert row.count < good_row.count or row == good_row
                missing += row.count < good_row.count
            missing += len(good)
    return missing


def test_damaged_minutes_and_hours_are_made_again_from_the_samples(whole: Path, tmp_path: Path):
    folder = tmp_path / "series"
    shutil.copytree(whole, folder)
    for tier in (Tier.MINUTE, Tier.HOUR):
        for file in folder.glob(f"{tier}-*"):
            damaged(file, "garbage", 0, 0)
    assert lost(Reader(folder)) > 0
    store = Store(folder, LONG, lambda: END)
    store.maintain(BEGIN + LAST)
    assert lost(Reader(folder)) == 0
    assert len(store.troubles()) == 2 + len(list(folder.glob("minute-*"))) - 1
    assert len(list((folder / "damaged").glob("*.why"))) == len(store.troubles())


def test_one_flipped_byte_costs_one_series_of_one_block_and_the_rest_stays(whole: Path, tmp_path: Path):
    folder = tmp_path / "series"
    shutil.copytree(whole, folder)
    block = min(folder.glob("raw-*.block"))
    damaged(block, "flip", 0.5, 1)
    store = Store(folder, LONG, lambda: END)
    store.maintain(BEGIN + LAST)
    (told,) = store.troubles()
    assert told.startswith(
        f"{block.stem} was damaged: 1 of its 6 series are lost; set aside as {block.name}-"
    )
    counts = [len(rows(Reader(folder), key, Tier.RAW, BEGIN, BEGIN + 3600)) for key in KEYS]
    assert sorted(counts) == [0, 120, 120, 120, 120, 120]


def test_what_was_found_is_told_by_the_next_writer_too_and_for_a_day(whole: Path, tmp_path: Path):
    folder, now = tmp_path / "series", [END]
    shutil.copytree(whole, folder)
    damaged(min(folder.glob("raw-*.block")), "cut", 0.5, 1)
    Store(folder, LONG).maintain(END)
    told = (folder / "damaged").glob("*.why")
    now = [next(told).stat().st_mtime]
    store = Store(folder, LONG, lambda: now[0])
    assert len(store.troubles()) == 1
    now[0] += 86401
    assert store.troubles() == []


def test_damage_in_the_running_hour_is_told_before_it_is_packed(tmp_path: Path):
    store = Store(tmp_path, LONG, lambda: LATER)
    for number in range(20):
        store.append(BEGIN + number, {"x": number})
    (journal,) = tmp_path.glob("*.journal")
    store.maintain(BEGIN + 20)
    assert store.troubles() == []
    whole = journal.stat().st_size
    damaged(journal, "overwrite", 0.5, 1)
    store.maintain(BEGIN + 25)
    assert store.troubles() == []
    store.append(BEGIN + 50, {"x": 1.0})
    store.maintain(BEGIN + 50)
    (told,) = store.troubles()
    assert told.startswith(f"{journal.stem} is damaged: ")
    assert told.endswith(" bytes of its samples can't be read")
    assert journal.stat().st_size > whole
    store.append(BEGIN + 3600, {"x": 2.0})
    store.maintain(BEGIN + 3640)
    (told,) = store.troubles()
    assert told.startswith(f"{journal.stem} was damaged: ")
    store.close()


def test_damage_that_was_there_when_the_writer_came_is_told_at_its_first_look(tmp_path: Path):
    filled(tmp_path, {"x": {BEGIN + number: 1.0 for number in range(20)}}, seal=False)
    (journal,) = tmp_path.glob("*.journal")
    damaged(journal, "overwrite", 0.0, 64)
    store = Store(tmp_path, LONG, lambda: LATER)
    store.append(BEGIN + 30, {"x": 2.0})
    store.maintain(BEGIN + 35)
    (told,) = store.troubles()
    assert told.startswith(f"{journal.stem} is damaged: ")
    store.close()


def test_a_round_that_is_just_being_written_is_no_damage(tmp_path: Path):
    store = Store(tmp_path, LONG, lambda: LATER)
    for number in range(3):
        store.append(BEGIN + number, {"x": number})
    (journal,) = tmp_path.glob("*.journal")
    whole = journal.read_bytes()
    for number, cut in enumerate(range(1, 30)):
        journal.write_bytes(whole[:-cut])
        store.maintain(BEGIN + 60 * number)
        assert store.troubles() == []
    store.close()


def test_a_journal_that_is_taken_away_is_told_and_begun_anew(tmp_path: Path):
    store = Store(tmp_path / "series", LONG, lambda: BEGIN)
    store.append(BEGIN, {"x": 1.0})
    shutil.rmtree(tmp_path / "series")
    store.append(BEGIN + 5, {"x": 2.0})
    assert store.troubles() == ["raw-2026-11-23T07 was taken away; samples of this hour are lost"]
    assert [row.sum for row in rows(Reader(tmp_path / "series"), "x", Tier.RAW, BEGIN, BEGIN + 60)] == [2.0]
    store.close()
