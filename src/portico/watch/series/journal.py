"""The hour that is being written: one frame for each round of samples, in one `write`.

A round is its layout's checksum, its moment, and a double for each key of the layout. Layouts are frames too,
repeated now and then, so that no single damaged frame makes the others unreadable.
"""

from __future__ import annotations

import os
import struct
import zlib
from array import array
from bisect import bisect_left
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import isfinite, nan
from pathlib import Path
from typing import NamedTuple

import zstandard

from portico.watch.series import frames
from portico.watch.series.frames import Damage, Frame
from portico.watch.series.table import Table, absent

KEYS, ROUND = b"K", b"R"
REPEAT = 60
"""After so many rounds the layout is written once more."""

_ROUND = struct.Struct("<Id")
_MOST = 1 << 26


class Round(NamedTuple):
    at: float
    layout: int
    values: array[float]


class Writer:
    """Appends to one file. A round that doesn't fit on the disk leaves nothing behind."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd = -1
        self._size = 0
        self._layout = _Layout(())
        self._until_repeat = 0

    def append(self, at: float, values: Mapping[str, float]) -> str:
        """Returns what is wrong with the file, if it isn't as this writer left it. Raises OSError."""
        trouble = self._opened()
        if not self._layout.holds(values):
            self._layout = _Layout(
                (*self._layout.keys, *(key for key in values if key not in self._layout.places))
            )
            self._until_repeat = 0
        data = frames.pack(ROUND, _ROUND.pack(self._layout.id, at) + self._layout.row(values).tobytes())
        if not self._until_repeat:
            data = frames.pack(KEYS, self._layout.packed) + data
        self._write(data)
        self._until_repeat = (self._until_repeat or REPEAT) - 1
        return trouble

    def duplicate(self) -> int | None:
        """The open file once more, to be synced and closed by the caller at leisure."""
        return os.dup(self._fd) if self._fd >= 0 else None

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
        self._fd, self._until_repeat = -1, 0

    def _opened(self) -> str:
        trouble = ""
        if self._fd >= 0:
            stat = os.fstat(self._fd)
            if stat.st_nlink and stat.st_size == self._size:
                return ""
            trouble = (
                "was taken away" if not stat.st_nlink else "was cut" if stat.st_size < self._size else ""
            )
            self.close()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._size = _without_torn_end(self._fd)
        return trouble

    def _write(self, data: bytes) -> None:
        written = 0
        try:
            while written < len(data):
                written += os.write(self._fd, data[written:])
        except OSError:
            os.ftruncate(self._fd, self._size)
            raise
        self._size += written


class _Layout:
    """Which key a round's doubles are of."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = tuple(keys)
        self.places = {key: place for place, key in enumerate(self.keys)}
        plain = "\n".join(self.keys).encode()
        self.id = zlib.crc32(plain)
        self.packed = zstandard.ZstdCompressor().compress(plain)

    def holds(self, values: Mapping[str, float]) -> bool:
        return self.places.keys() >= values.keys()

    def row(self, values: Mapping[str, float]) -> array[float]:
        row = absent(len(self.keys))
        for key, value in values.items():
            row[self.places[key]] = value if isfinite(value) else nan
        return row


def _without_torn_end(fd: int) -> int:
    """Cut off the round that a killed writer left unfinished; returns the size."""
    data = _read(fd, 0)
    last = next(iter(deque(frames.scan(data), maxlen=1)), None)
    if isinstance(last, Damage) and frames.is_torn(data, last):
        os.ftruncate(fd, last.start)
        return last.start
    return len(data)


def _read(fd: int, start: int) -> bytes:
    return os.pread(fd, max(0, os.fstat(fd).st_size - start), start)


@dataclass(slots=True)
class Journal:
    """A journal as read so far, usable while it is being written; `follow` reads what came since.

    `layouts` say which place a key has in a round; `rest` bytes at the end are damaged, or not yet whole.
    `size` is how far it was read, `end` where the file ended then.
    """

    path: Path
    rounds: list[Round] = field(default_factory=list)
    layouts: dict[int, dict[str, int]] = field(default_factory=dict)
    damage: list[Damage] = field(default_factory=list)
    size: int = 0
    rest: int = 0
    end: int = 0
    _inode: int = 0

    def follow(self) -> None:
        """Raises OSError."""
        fd = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            stat = os.fstat(fd)
            if stat.st_ino != self._inode or stat.st_size < self.size:
                self.rounds, self.layouts, self.damage, self.size = [], {}, [], 0
            self._inode = stat.st_ino
            data = _read(fd, self.size)
            self.end = self.size + len(data)
            self._take(data)
        finally:
            os.close(fd)

    def _take(self, data: bytes) -> None:
        """The end of `data` may be a round that is just being written: it is looked at again next time."""
        base, self.rest = self.size, 0
        for found in frames.scan(data):
            if isinstance(found, Frame):
                self._frame(found)
            elif found.end == len(data):
                self.rest = 0 if frames.is_torn(data, found) else len(found)
                return
            else:
                self.damage.append(Damage(base + found.start, base + found.end))
            self.size = base + found.end

    def _frame(self, frame: Frame) -> None:
        if frame.kind == KEYS:
            plain = zstandard.ZstdDecompressor().decompress(frame.payload, max_output_size=_MOST)
            keys = plain.decode().split("\n")
            self.layouts[zlib.crc32(plain)] = {key: place for place, key in enumerate(keys)}
        elif frame.kind == ROUND:
            layout, at = _ROUND.unpack_from(frame.payload)
            self.rounds.append(Round(at, layout, array("d", frame.payload[_ROUND.size :])))

    def table(self) -> Table:
        """All samples."""
        rounds = self._readable()
        times = array("d", sorted({one.at for one in rounds}))
        series: dict[str, array[float]] = {}
        for layout, run in groupby(rounds, lambda one: one.layout):
            _lay(series, times, tuple(self.layouts[layout]), list(run))
        return Table(times, {key: (column,) for key, column in series.items()})

    def series(self, key: str) -> Table:
        """The samples of one series."""
        places = {layout: keys[key] for layout, keys in self.layouts.items() if key in keys}
        values = ((one.at, one.values[places[one.layout]]) for one in self.rounds if one.layout in places)
        samples = sorted({at: value for at, value in values if isfinite(value)}.items())
        if not samples:
            return Table(array("d"), {})
        times, column = zip(*samples, strict=True)
        return Table(array("d", times), {key: (array("d", column),)})

    def latest(self, prefix: str = "") -> dict[str, tuple[float, float]]:
        """The moment and value of the last sample of each series whose key begins so."""
        found: dict[str, tuple[float, float]] = {}
        missing = {key for layout in self.layouts.values() for key in layout if key.startswith(prefix)}
        for one in reversed(self._readable()):
            places = self.layouts[one.layout]
            new = {key: (one.at, one.values[places[key]]) for key in missing & places.keys()}
            found.update((key, point) for key, point in new.items() if isfinite(point[1]))
            missing -= found.keys()
        return found

    def _readable(self) -> list[Round]:
        """The rounds whose layout is known, in order of time; of two at one moment the later written last."""
        return sorted((one for one in self.rounds if one.layout in self.layouts), key=lambda one: one.at)


def _lay(
    series: dict[str, array[float]], times: array[float], keys: Sequence[str], run: Sequence[Round]
) -> None:
    """Put rounds of one layout into the columns of their series."""
    for key in keys:
        if key not in series:
            series[key] = absent(len(times))
    low = bisect_left(times, run[0].at)
    if [*times[low : low + len(run)]] == [one.at for one in run]:
        flat = array("d", b"".join(one.values.tobytes() for one in run))
        for place, key in enumerate(keys):
            _fill(series[key], low, flat[place :: len(keys)])
        return
    for one in run:
        low = bisect_left(times, one.at)
        for key, value in zip(keys, one.values, strict=True):
            _fill(series[key], low, array("d", (value,)))


def _fill(column: array[float], low: int, values: array[float]) -> None:
    """Lay values over a column, leaving what is there where they have none."""
    there = column[low : low + len(values)]
    if all(value == value for value in values) or not any(value == value for value in there):  # noqa: PLR0124 - NaN isn't itself
        column[low : low + len(values)] = values
        return
    for place, value in enumerate(values, low):
        if isfinite(value):
            column[place] = value
