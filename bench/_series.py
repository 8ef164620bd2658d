"""What the store of series costs: 400 days of 500 noisy series, their size, and how long charts take.

    bench/_series.py [--days N] [--series N] [--noise all|real]

`real` noise is what a stack gives: counts, sizes, seconds, shares, and some that never change. With `all`,
every sample of every series is a random double, which nothing can compress.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import tempfile
import time
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table as Shown

from portico.config.watching import Watch
from portico.watch.series import block
from portico.watch.series.read import Reader
from portico.watch.series.shelf import DAY_S, HOUR_S, Shelf, Tier, period
from portico.watch.series.store import Store
from portico.watch.series.table import Columns, Rolled, Table

EVERY_S = 5.0
NOW = 1_795_417_200.0
POOL = 1_500_000
ALL, REAL = "all", "real"


@dataclass(frozen=True, slots=True)
class Filled:
    """What was measured; times in ms but for `fill_s`."""

    series: int
    days: float
    noise: str
    mib: float
    by_tier: dict[str, float]
    fill_s: float
    append_ms: list[float]
    pack_ms: list[float]
    chart_ms: list[float]
    warm_ms: list[float]


def measure(folder: Path, *, series: int = 500, days: float = 400, noise: str = REAL) -> Filled:
    """Fill an empty folder by the way that the watcher does, and look at it."""
    watch = Watch(hour_days=max(30, days))
    started = time.perf_counter()
    fill = Fill(folder, series, noise, watch)
    fill.hours(days)
    fill.minutes(min(days, watch.minute_days))
    append_ms, pack_ms = fill.samples(min(days, watch.raw_days))
    fill_s = time.perf_counter() - started
    sizes = {str(tier): _mib(folder, f"{tier}-*") for tier in Tier}
    asked = random.Random(2).sample(fill.keys, min(60, series))
    cold = [chart_ms(Reader(folder), key) for key in asked]
    reader = Reader(folder)
    warm = [chart_ms(reader, key) for key in asked]
    return Filled(series, days, noise, _mib(folder, "*"), sizes, fill_s, append_ms, pack_ms, cold, warm)


def chart_ms(reader: Reader, key: str, days: float = 30, points: int = 720) -> float:
    """How long a chart of the last days takes."""
    started = time.perf_counter()
    found = reader.query(key, NOW - days * DAY_S, NOW, points)
    taken = (time.perf_counter() - started) * 1000
    if not found.rows:
        raise SystemExit(f"{key} has no rows")
    return taken


class Fill:
    """Long tiers are packed from made-up rows; samples go through the store, round by round."""

    def __init__(self, folder: Path, series: int, noise: str, watch: Watch) -> None:
        self.folder, self.watch = folder, watch
        self.dice = random.Random(1)
        self.keys = [_key(number) for number in range(series)]
        kinds = [_Kind(values) for values in _pools(self.dice, noise)]
        self.kinds = [kinds[number % len(kinds)] for number in range(series)]
        Shelf(folder).create()

    def hours(self, days: float) -> None:
        self._blocks(Tier.HOUR, days, HOUR_S)

    def minutes(self, days: float) -> None:
        self._blocks(Tier.MINUTE, days, Tier.MINUTE.step)

    def _blocks(self, tier: Tier, days: float, step: float) -> None:
        """Up to where the samples begin, which make the newest rows themselves."""
        at, end = NOW - days * DAY_S, NOW - min(days, self.watch.raw_days) * DAY_S
        while at < end:
            of = period(tier, at)
            times = _steps(at, min(of.end, end), step)
            series = {
                key: kind.rows(tier, len(times), self.dice)
                for key, kind in zip(self.keys, self.kinds, strict=True)
            }
            block.write(Shelf(self.folder).block(of), Table(times, series))
            at = of.end

    def samples(self, days: float) -> tuple[list[float], list[float]]:
        """How long each append took, and each packing of an hour, in ms."""
        store = Store(self.folder, self.watch, lambda: NOW)
        appends, packs = [], []
        for hour in _steps(NOW - days * DAY_S, NOW, HOUR_S):
            for at, values in self._rounds(hour):
                started = time.perf_counter()
                store.append(at, values)
                appends.append((time.perf_counter() - started) * 1000)
            started = time.perf_counter()
            store.maintain(hour + HOUR_S - 1)
            packs.append((time.perf_counter() - started) * 1000)
        store.close()
        if store.troubles():
            raise SystemExit(str(store.troubles()))
        return appends, packs

    def _rounds(self, hour: float) -> Iterator[tuple[float, dict[str, float]]]:
        count = int(HOUR_S / EVERY_S)
        columns = [kind.samples(count, self.dice) for kind in self.kinds]
        for number, values in enumerate(zip(*columns, strict=True)):
            yield (
                hour + number * EVERY_S + self.dice.random() * 0.02,
                dict(zip(self.keys, values, strict=True)),
            )


class _Kind:
    """One way in which series are noisy: a pool of samples, and the same as minutes and hours."""

    def __init__(self, samples: array[float]) -> None:
        self._samples = samples
        times = array("d", (number * EVERY_S for number in range(len(samples))))
        minutes = Rolled(Table(times, {"": (samples,)}), Tier.MINUTE.step)
        self._rows = {Tier.MINUTE: Table(minutes.times, {"": minutes.columns("") or ()})}
        hours = Rolled(self._rows[Tier.MINUTE], HOUR_S)
        self._rows[Tier.HOUR] = Table(hours.times, {"": hours.columns("") or ()})

    def samples(self, count: int, dice: random.Random) -> array[float]:
        start = dice.randrange(len(self._samples) - count)
        return self._samples[start : start + count]

    def rows(self, tier: Tier, count: int, dice: random.Random) -> Columns:
        found = self._rows[tier].series[""]
        start = dice.randrange(len(found[0]) - count)
        return tuple(column[start : start + count] for column in found)


def _pools(dice: random.Random, noise: str) -> list[array[float]]:
    """Ten kinds of samples; counters as what they grew by."""
    if noise == ALL:
        return [array("d", (dice.gauss(1, 0.2) for _ in range(POOL)))]
    kinds = [
        lambda: float(dice.getrandbits(2)),  # few requests
        lambda: float(dice.getrandbits(7) + dice.getrandbits(5)),  # many requests
        lambda: float(dice.random() < 0.002),  # retries, errors
        lambda: float(dice.random() < 0.05),  # handshakes
        lambda: dice.expovariate(200),  # seconds that requests took
        lambda: dice.gauss(0.05, 0.01),  # CPU seconds
        lambda: dice.gauss(0.3, 0.05),  # a share
        lambda: float(60_000_000 + dice.getrandbits(8) * 4096),  # memory
        lambda: float(dice.getrandbits(18)),  # bytes sent
        lambda: 1.0,  # up
    ]
    return [array("d", (kind() for _ in range(POOL // 2))) for kind in kinds]


def _key(number: int) -> str:
    return f'portico_part_{number // 12}_total{{cluster="{"ab"[number % 2]}",replica="a{number % 12}"}}'


def _steps(start: float, end: float, step: float) -> array[float]:
    first = -(-start // step) * step
    return array("d", (first + number * step for number in range(int((end - first) // step))))


def _mib(folder: Path, pattern: str) -> float:
    return sum(path.stat().st_size for path in folder.glob(pattern)) / (1 << 20)


def table(*, series: int = 500, days: float = 400, noises: tuple[str, ...] = (REAL, ALL)) -> Shown:
    """Fill and measure a folder for each kind of noise."""
    found = []
    for noise in noises:
        place = Path(tempfile.mkdtemp(prefix="portico-series-"))
        try:
            found.append(measure(place, series=series, days=days, noise=noise))
        finally:
            shutil.rmtree(place)
    return _shown(found)


def _shown(found: list[Filled]) -> Shown:
    shown = Shown(title="The store of series")
    for name in ("", *(f"{one.series} series, {one.days:g} days, {one.noise}" for one in found)):
        shown.add_column(name, justify="right")
    for name, told in _LINES.items():
        shown.add_row(name, *(told(one) for one in found))
    return shown


_LINES = {
    "size, MiB": lambda one: f"{one.mib:.0f}",
    "of it samples / minutes / hours": lambda one: " / ".join(f"{mib:.0f}" for mib in one.by_tier.values()),
    "append of a round, median / p99, ms": lambda one: _of(one.append_ms),
    "packing an hour, median / p99, ms": lambda one: _of(one.pack_ms),
    "30-day chart, nothing known, median / p99, ms": lambda one: _of(one.chart_ms),
    "30-day chart, again, median / p99, ms": lambda one: _of(one.warm_ms),
    "filling took, s": lambda one: f"{one.fill_s:.0f}",
}


def _of(values: list[float]) -> str:
    ordered = sorted(values)
    return f"{statistics.median(ordered):.2f} / {ordered[int(len(ordered) * 0.99)]:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--days", type=float, default=400)
    parser.add_argument("--series", type=int, default=500)
    parser.add_argument("--noise", choices=(REAL, ALL))
    asked = parser.parse_args()
    noises = (asked.noise,) if asked.noise else (REAL, ALL)
    Console().print(table(series=asked.series, days=asked.days, noises=noises))


if __name__ == "__main__":
    main()
