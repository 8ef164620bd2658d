"""The series' reader: for the watcher itself and for any other process while it writes."""

from __future__ import annotations

import contextlib
import threading
from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from math import isnan
from pathlib import Path
from typing import NamedTuple

from portico.watch.series import block, chart
from portico.watch.series.block import Block, Index, Stamp
from portico.watch.series.chart import Chart
from portico.watch.series.journal import Journal
from portico.watch.series.shelf import HOUR_S, Period, Shelf, Tier
from portico.watch.series.table import EMPTY, Cut, Merged, Rolled, Source, Table

POINTS = 300
_INDEXES = 128


class Known(NamedTuple):
    """A series, and its latest sample: `value` at `at`."""

    key: str
    at: float
    value: float


@dataclass(slots=True)
class Reader:
    """Keeps in mind what it read of the open hour and of blocks' indexes. Usable from several threads."""

    folder: Path
    _journals: dict[Path, Journal] = field(default_factory=dict)
    _indexes: dict[tuple[Path, Stamp], Index] = field(default_factory=dict)
    _damage: dict[str, None] = field(default_factory=dict)
    _mutex: threading.Lock = field(default_factory=threading.Lock)

    def names(self, prefix: str = "") -> list[Known]:
        """Every series that is kept, sorted; those of the last hours with their latest sample."""
        with self._mutex:
            found: dict[str, tuple[float, float]] = {}
            for _, journal in self._open():
                found.update(journal.latest(prefix))
            shelf = Shelf(self.folder)
            for of in [*shelf.blocks(Tier.RAW)[:-2:-1], *reversed(shelf.blocks(Tier.HOUR))]:
                with self._block(of) as samples:
                    for key in samples.keys - found.keys():
                        if key.startswith(prefix):
                            found.update(_latest(samples, key))
            return [Known(key, *found[key]) for key in sorted(found)]

    def query(self, key: str, start: float, end: float, points: int = POINTS) -> Chart:
        """At most about `points` rows of a series in [start, end), fewer where samples were rarer."""
        return self.queries([key], start, end, points)[key]

    def queries(
        self, keys: Collection[str], start: float, end: float, points: int = POINTS
    ) -> dict[str, Chart]:
        """The same of several series, for which each file is looked for and opened once."""
        step = chart.step_for(end - start, points)
        with self._mutex:
            tier = chart.tier_for(step, start, self._oldest())
            step = max(step, tier.step)
            span = (start // step * step if tier.step else start, end)
            tables = self._tables(keys, tier, *span)
            return {key: chart.drawn(key, table, tier, span, step) for key, table in tables.items()}

    def troubles(self) -> list[str]:
        """What this reader couldn't read."""
        with self._mutex:
            return list(self._damage)

    def _tables(self, keys: Collection[str], tier: Tier, start: float, end: float) -> dict[str, Table]:
        """The rows of a tier, those of hours that aren't packed yet being made here.

        Journals are read before the blocks are listed: a journal that vanishes meanwhile is in a block.
        """
        journals = [
            (hour, {key: journal.series(key) for key in keys})
            for hour, journal in self._open()
            if hour.overlaps(start, end)
        ]
        tables: dict[str, Source] = dict.fromkeys(keys, EMPTY)
        for of in Shelf(self.folder).blocks(tier):
            if of.overlaps(start, end):
                for key, found in self._series(of, keys).items():
                    tables[key] = Merged(tables[key], found)
        for hour, fresh in journals:
            for key, packed in self._series(hour, keys).items():
                samples = Merged(packed, fresh[key])
                rows = samples if tier is Tier.RAW else self._rolled(samples, key, tier)
                tables[key] = Merged(tables[key], rows)
        return {key: _only(Cut(table, start, end), key) for key, table in tables.items()}

    def _rolled(self, samples: Source, key: str, tier: Tier) -> Table:
        minutes = _only(Rolled(samples, Tier.MINUTE.step), key)
        return minutes if tier is Tier.MINUTE else _only(Rolled(minutes, HOUR_S), key)

    def _series(self, of: Period, keys: Collection[str]) -> dict[str, Table]:
        with self._block(of) as found:
            return {key: _only(found, key) for key in keys}

    def _oldest(self) -> dict[Tier, float]:
        shelf = Shelf(self.folder)
        found: dict[Tier, float] = {}
        for of in [of for tier in Tier for of in shelf.blocks(tier)[:1]]:
            with self._block(of) as first:
                found[of.tier] = first.times[0] if first.times else of.start
        for hour in shelf.journals()[:1]:
            for tier in Tier:
                found[tier] = min(hour.start, found.get(tier, hour.start))
        return found

    def _open(self) -> Iterator[tuple[Period, Journal]]:
        """The journals, read up to now."""
        shelf = Shelf(self.folder)
        there = {shelf.journal(hour): hour for hour in shelf.journals()}
        self._journals = {path: known for path, known in self._journals.items() if path in there}
        for path, hour in there.items():
            journal = self._journals.setdefault(path, Journal(path))
            with self._noting(hour):
                journal.follow()
            if journal.damage:
                self._damage[f"{hour.name} is damaged: {sum(map(len, journal.damage))} bytes"] = None
            yield hour, journal

    @contextlib.contextmanager
    def _block(self, of: Period) -> Iterator[Block]:
        """A block, or an empty one where there is none that can be read."""
        path = Shelf(self.folder).block(of)
        found = Block(-1, Index(array("d"), {}))
        with contextlib.ExitStack() as stack:
            with self._noting(of):
                opened = block.opened(path, lambda stamp: self._indexes.get((path, stamp)))
                found = stack.enter_context(opened)
            yield found
            if found.stamp:
                self._remember((path, found.stamp), found.index)
        for what in found.damage:
            self._damage[f"{of.name} is damaged: {what}"] = None

    @contextlib.contextmanager
    def _noting(self, of: Period) -> Iterator[None]:
        """A file that is gone was packed or forgotten meanwhile; one that can't be opened is told."""
        try:
            yield
        except FileNotFoundError:
            pass
        except OSError as error:
            self._damage[f"{of.name} can't be read: {error.strerror}"] = None

    def _remember(self, name: tuple[Path, Stamp], index: Index) -> None:
        self._indexes.pop(name, None)
        self._indexes[name] = index
        while len(self._indexes) > _INDEXES:
            del self._indexes[next(iter(self._indexes))]


def _only(source: Source, key: str) -> Table:
    """One series of a table, without the moments at which it has no value."""
    found = source.columns(key)
    if not found:
        return EMPTY
    if not isnan(sum(found[0])):
        return Table(source.times, {key: found})
    there = [place for place, value in enumerate(found[0]) if not isnan(value)]
    times, *columns = (array("d", map(column.__getitem__, there)) for column in (source.times, *found))
    return Table(times, {key: tuple(columns)})


def _latest(source: Source, key: str) -> dict[str, tuple[float, float]]:
    """The last row of a series that has a value: its moment and mean."""
    found = source.columns(key)
    rows = zip(source.times, *found, strict=True) if found else ()
    last = next((row for row in reversed(list(rows)) if not isnan(row[1])), None)
    if last is None:
        return {}
    return {key: (last[0], last[1] if len(last) == 2 else last[2] / last[1])}
