import contextlib
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portico.watch.series import block
from portico.watch.series.read import Reader
from portico.watch.series.shelf import Tier
from portico.watch.series.store import Store
from support import serieswriter
from support.seriesfolder import BEGIN, LONG, expected, filled, rows
from support.serieswriter import EVERY_S, KEYS

KILLS = 15


@contextlib.contextmanager
def writer(folder: Path, first: int) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, serieswriter.__file__, str(folder), str(first)],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def killed_after(folder: Path, first: int, rounds: int) -> int:
    """Let a writer write, kill it after so many rounds; returns the last one that it said is written."""
    with writer(folder, first) as process:
        assert process.stdout
        for _ in range(rounds):
            process.stdout.readline()
        process.kill()
        rest = [line for line in process.stdout if line.endswith("\n")]
    return int(rest[-1]) if rest else first + rounds - 1


@pytest.mark.timeout(600)  # a process for each kill
def test_a_writer_killed_at_any_moment_loses_at_most_the_last_sample_and_counts_none_twice(tmp_path: Path):
    dice, first = random.Random(5), 0
    for _ in range(KILLS):
        said = killed_after(tmp_path, first, dice.randrange(1, 200))
        reader, end = Reader(tmp_path), BEGIN + (said + 2) * EVERY_S
        numbers = [row.sum for row in rows(reader, "portico_round", Tier.RAW, BEGIN, end)]
        written = int(numbers[-1])
        assert written in {said, said + 1}
        assert numbers == list(range(written + 1))
        series = {BEGIN + number * EVERY_S: 1.0 for number in range(written + 1)}
        for tier in (Tier.MINUTE, Tier.HOUR):
            assert rows(reader, KEYS[7], tier, BEGIN, end) == expected(series, tier.step)
        assert reader.troubles() == []
        first = written + 1
    store = Store(tmp_path, LONG, lambda: BEGIN)
    assert store.troubles() == []


class KilledError(BaseException):
    """Stands in for SIGKILL at an exact place."""


@pytest.mark.parametrize("survived", range(4))
def test_packing_that_was_killed_between_two_files_is_done_again_from_the_start(
    survived: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    samples = {"x": {BEGIN + number * 7: float(number) for number in range(1000)}}
    filled(tmp_path, samples, seal=False)
    end, real, left = BEGIN + 7200, block.write, [survived]

    def write(*args):
        if not left[0]:
            raise KilledError
        left[0] -= 1
        real(*args)

    monkeypatch.setattr(block, "write", write)
    with contextlib.suppress(KilledError):
        Store(tmp_path, LONG).maintain(end)
    monkeypatch.undo()
    for _ in range(2):
        for tier in (Tier.MINUTE, Tier.HOUR):
            assert rows(Reader(tmp_path), "x", tier, BEGIN, end) == expected(samples["x"], tier.step)
        assert len(rows(Reader(tmp_path), "x", Tier.RAW, BEGIN, end)) == 1000
        Store(tmp_path, LONG).maintain(end + 7200)
    assert not list(tmp_path.glob("*.journal"))


def test_a_round_that_was_half_written_is_left_out_and_the_next_ones_are_kept(tmp_path: Path):
    filled(tmp_path, {"x": {BEGIN: 1.0, BEGIN + 5: 2.0}})
    (journal,) = tmp_path.glob("*.journal")
    journal.write_bytes(journal.read_bytes()[:-3])
    reader = Reader(tmp_path)
    assert [row.sum for row in rows(reader, "x", Tier.RAW, BEGIN, BEGIN + 60)] == [1.0]
    store = Store(tmp_path, LONG, lambda: BEGIN)
    store.append(BEGIN + 10, {"x": 3.0})
    assert [row.sum for row in rows(reader, "x", Tier.RAW, BEGIN, BEGIN + 60)] == [1.0, 3.0]
    assert store.troubles() == reader.troubles() == []
    store.close()
