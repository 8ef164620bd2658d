"""How bytes lie in every file of the series: frames that each carry their length and checksum.

Damage costs the frames that it hits. What follows is found again by the mark that each frame begins with.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MARK = b"\xf5ser"
_HEAD = struct.Struct("<4scI")
_SUM = struct.Struct("<I")
OVERHEAD = _HEAD.size + _SUM.size
LARGEST = 1 << 26
"""Bytes of a payload: far more than is ever written."""


@dataclass(frozen=True, slots=True)
class Frame:
    """`start` and `end` are where it lies in its file."""

    kind: bytes
    payload: bytes
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that belong to no whole frame."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


def pack(kind: bytes, payload: bytes) -> bytes:
    head = _HEAD.pack(MARK, kind, len(payload))
    return b"".join((head, _SUM.pack(zlib.crc32(payload, zlib.crc32(head))), payload))


def scan(data: bytes) -> Iterator[Frame | Damage]:
    """Everything in `data`, in order."""
    position, bad = 0, None
    while position < len(data):
        frame = at(data, position)
        if frame is None:
            bad = position if bad is None else bad
            found = data.find(MARK, position + 1)
            position = len(data) if found < 0 else found
            continue
        if bad is not None:
            yield Damage(bad, position)
            bad = None
        yield frame
        position = frame.end
    if bad is not None:
        yield Damage(bad, len(data))


def at(data: bytes, start: int) -> Frame | None:
    """The frame that begins there, or None where there is no whole one."""
    body = start + OVERHEAD
    if body > len(data):
        return None
    mark, kind, length = _HEAD.unpack_from(data, start)
    end = body + length
    if mark != MARK or end > len(data):
        return None
    payload = data[body:end]
    (said,) = _SUM.unpack_from(data, start + _HEAD.size)
    if said != zlib.crc32(payload, zlib.crc32(data[start : start + _HEAD.size])):
        return None
    return Frame(kind, payload, start, end)


def is_torn(data: bytes, damage: Damage) -> bool:
    """Whether this is a frame whose writer was killed before its end, rather than damage."""
    rest = data[damage.start : damage.end]
    if damage.end < len(data) or not rest.startswith(MARK[: len(rest)]):
        return False
    if len(rest) < OVERHEAD:
        return True
    _, kind, length = _HEAD.unpack_from(rest)
    return OVERHEAD + length > len(rest) and not _has_a_damaged_head(kind, length, rest)


def _has_a_damaged_head(kind: bytes, length: int, rest: bytes) -> bool:
    """One that nobody wrote, or all that follows is there and only its length is wrong."""
    right = _HEAD.pack(MARK, kind, len(rest) - OVERHEAD)
    return not kind.isalpha() or length > LARGEST or at(right + rest[_HEAD.size :], 0) is not None
