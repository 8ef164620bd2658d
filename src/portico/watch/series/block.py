"""A packed period: each series by itself, compressed, and an index of where it lies.

The index only saves time: where it is damaged, the frames are found by reading the whole file.
"""

from __future__ import annotations

import json
import os
import struct
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import zstandard

from portico.kit import files
from portico.watch.series import columns, frames
from portico.watch.series.frames import Damage, Frame
from portico.watch.series.table import Columns, Source

TIMES, SERIES, INDEX, END = b"T", b"S", b"I", b"E"
_COUNT = struct.Struct("<I")
_NAME = struct.Struct("<H")
_PLACE = struct.Struct("<QQ")
_TRAILER = frames.OVERHEAD + _PLACE.size
_MOST = 1 << 26
Place = tuple[int, int]
Stamp = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Index:
    """`places` are the start and end of each series' frame; `damage` says what was found in reading this."""

    times: array[float]
    places: Mapping[str, Place]
    damage: str = ""


def write(path: Path, source: Source) -> None:
    """Put the whole table there, or nothing. Raises OSError or PorticoError where the disk is full."""
    places: dict[str, Place] = {}
    with files.replacing(path) as file:

        def put(kind: bytes, payload: bytes) -> Place:
            start = file.tell()
            file.write(frames.pack(kind, payload))
            return start, file.tell()

        times = _COUNT.pack(len(source.times)) + columns.pack((source.times,))
        put(TIMES, times)
        for key in sorted(source.keys):
            found = source.columns(key)
            if found is not None:
                name = key.encode()
                places[key] = put(SERIES, _NAME.pack(len(name)) + name + columns.pack(found))
        listed = {"times": put(TIMES, times), "series": places}
        index = put(INDEX, zstandard.ZstdCompressor().compress(json.dumps(listed).encode()))
        put(END, _PLACE.pack(*index))


class Block:
    """An open block: a `Source` that notes in `damage` which of its series can't be read."""

    def __init__(self, fd: int, index: Index, mark: Stamp | None = None) -> None:
        self._fd = fd
        self.index, self.stamp = index, mark
        self.times = index.times
        self.damage = [index.damage] if index.damage else []

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self.index.places)

    def columns(self, key: str) -> Columns | None:
        place = self.index.places.get(key)
        if place is None:
            return None
        frame = _frame(self._fd, place)
        found = _series(frame, len(self.times)) if frame else None
        if found is None or found[0] != key:
            self.damage.append(f"{key} can't be read")
            return None
        return found[1]


@contextmanager
def opened(path: Path, known: Callable[[Stamp], Index | None] = lambda _: None) -> Iterator[Block]:
    """The block at `path`; `known` gives the index of a file that was read before. Raises OSError."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        mark = stamp(os.fstat(fd))
        yield Block(fd, known(mark) or read_index(fd), mark)
    finally:
        os.close(fd)


def stamp(stat: os.stat_result) -> Stamp:
    """Another one when a file was changed or replaced."""
    return stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def read_index(fd: int) -> Index:
    size = os.fstat(fd).st_size
    try:
        return _index(fd, size)
    except (ValueError, KeyError, TypeError, struct.error, zstandard.ZstdError) as error:
        return recover(os.pread(fd, size, 0), str(error))


def _index(fd: int, size: int) -> Index:
    trailer = _frame(fd, (max(0, size - _TRAILER), size))
    if trailer is None or trailer.kind != END:
        raise ValueError("its end is missing")
    index = _frame(fd, _PLACE.unpack(trailer.payload))
    if index is None or index.kind != INDEX:
        raise ValueError("its index is damaged")
    listed = json.loads(zstandard.ZstdDecompressor().decompress(index.payload, max_output_size=_MOST))
    times = _frame(fd, listed["times"])
    if times is None or times.kind != TIMES:
        raise ValueError("its times are damaged")
    return Index(_times(times), {key: (start, end) for key, (start, end) in listed["series"].items()})


def recover(data: bytes, damage: str) -> Index:
    """What is whole in a damaged block."""
    found = [frame for frame in frames.scan(data) if isinstance(frame, Frame)]
    times = next((_times(frame) for frame in found if frame.kind == TIMES), array("d"))
    places = {
        read[0]: (frame.start, frame.end)
        for frame in found
        if frame.kind == SERIES and (read := _series(frame, len(times)))
    }
    return Index(times, places, damage)


def is_whole(data: bytes) -> bool:
    """Whether every byte is as it was written."""
    last = None
    for found in frames.scan(data):
        if isinstance(found, Damage):
            return False
        last = found
    return last is not None and last.kind == END and last.payload == _PLACE.pack(*_index_place(data, last))


def _index_place(data: bytes, end: Frame) -> Place:
    start, stop = _PLACE.unpack(end.payload)
    index = frames.at(data, start) if start < len(data) else None
    return (start, stop) if index and index.end == stop == end.start else (0, 0)


def _frame(fd: int, place: Place) -> Frame | None:
    start, end = place
    data = os.pread(fd, max(0, end - start), start)
    found = frames.at(data, 0)
    return found if found and found.end == end - start else None


def _times(frame: Frame) -> array[float]:
    (count,) = _COUNT.unpack_from(frame.payload)
    return columns.unpack(frame.payload[_COUNT.size :], count)[0] if count else array("d")


def _series(frame: Frame, rows: int) -> tuple[str, Columns] | None:
    """The key and columns of a series' frame; None where it isn't one."""
    if frame.kind != SERIES or not rows:
        return None
    try:
        (length,) = _NAME.unpack_from(frame.payload)
        name = frame.payload[_NAME.size : _NAME.size + length]
        return name.decode(), columns.unpack(frame.payload[_NAME.size + length :], rows)
    except (ValueError, struct.error):
        return None
