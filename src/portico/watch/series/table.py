"""Series that share their moments: merged, and rolled up into longer steps. Computed a series at a time.

A series' columns are one (samples) or four (count, sum, minimum, maximum). NaN says that there is no value.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite, isnan, nan
from typing import Protocol

Columns = tuple["array[float]", ...]


class Source(Protocol):
    """A table in memory, in a file, or one that is made of others."""

    @property
    def times(self) -> array[float]:
        """Ascending, without doubles, seconds since the epoch."""
        ...

    @property
    def keys(self) -> frozenset[str]: ...

    def columns(self, key: str) -> Columns | None:
        """Each as long as `times`; None where there is no such series."""
        ...


@dataclass(frozen=True, slots=True)
class Table:
    times: array[float]
    series: Mapping[str, Columns]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self.series)

    def columns(self, key: str) -> Columns | None:
        return self.series.get(key)


EMPTY = Table(array("d"), {})


def absent(length: int) -> array[float]:
    return array("d", (nan,)) * length


class Merged:
    """Both tables in one; where both have a value for a moment, it is the newer table's.

    So merging the same once more changes nothing, which makes each step of sealing repeatable.
    """

    def __init__(self, old: Source, new: Source) -> None:
        self._old, self._new = old, new
        self._follows = not old.times or not new.times or old.times[-1] < new.times[0]
        if self._follows:
            self.times = old.times + new.times
            return
        self.times = array("d", sorted({*old.times, *new.times}))
        places = {at: place for place, at in enumerate(self.times)}
        self._old_places = [places[at] for at in old.times]
        self._new_places = [places[at] for at in new.times]

    @property
    def keys(self) -> frozenset[str]:
        return self._old.keys | self._new.keys

    def columns(self, key: str) -> Columns | None:
        old, new = self._old.columns(key), self._new.columns(key)
        if old is None and new is None:
            return None
        width = len(old or new or ())
        old = old or (absent(len(self._old.times)),) * width
        new = new or (absent(len(self._new.times)),) * width
        return tuple(self._column(before, after) for before, after in zip(old, new, strict=True))

    def _column(self, old: array[float], new: array[float]) -> array[float]:
        if self._follows:
            return old + new
        merged = absent(len(self.times))
        for place, value in zip(self._old_places, old, strict=True):
            merged[place] = value
        for place, value in zip(self._new_places, new, strict=True):
            if not isnan(value):
                merged[place] = value
        return merged


class Rolled:
    """Another table in steps of so many seconds, each row at its step's beginning."""

    def __init__(self, source: Source, step: float) -> None:
        self._source = source
        self._spans = list(_spans(source.times, step))
        self.times = array("d", (at for at, _, _ in self._spans))

    @property
    def keys(self) -> frozenset[str]:
        return self._source.keys

    def columns(self, key: str) -> Columns | None:
        found = self._source.columns(key)
        if found is None:
            return None
        rows = self._rows(found) if len(found) > 1 else self._of_samples(found[0])
        return tuple(array("d", column) for column in zip(*rows, strict=True)) or (array("d"),) * 4

    def _of_samples(self, values: array[float]) -> Iterator[tuple[float, float, float, float]]:
        for _, low, high in self._spans:
            part = [value for value in values[low:high] if isfinite(value)]
            yield (len(part), sum(part), min(part), max(part)) if part else _NOTHING

    def _rows(self, columns: Columns) -> Iterator[tuple[float, float, float, float]]:
        for _, low, high in self._spans:
            count, total, least, most = (
                [value for value in column[low:high] if not isnan(value)] for column in columns
            )
            yield (sum(count), sum(total), min(least), max(most)) if count else _NOTHING


_NOTHING = (nan, nan, nan, nan)


def _spans(times: array[float], step: float) -> Iterator[tuple[float, int, int]]:
    """The steps that have any moment in them, with the places of the first and after the last of them."""
    low = 0
    while low < len(times):
        at = times[low] // step * step
        high = bisect_left(times, at + step, low)
        yield at, low, high
        low = high


class Cut:
    """The part of a table that lies in [start, end)."""

    def __init__(self, source: Source, start: float, end: float) -> None:
        self._source = source
        self._low, self._high = bisect_left(source.times, start), bisect_left(source.times, end)
        self.times = source.times[self._low : self._high]

    @property
    def keys(self) -> frozenset[str]:
        return self._source.keys

    def columns(self, key: str) -> Columns | None:
        found = self._source.columns(key)
        return found and tuple(column[self._low : self._high] for column in found)
