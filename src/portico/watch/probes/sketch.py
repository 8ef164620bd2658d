"""A body's sketch: enough to say how much of it another body holds, and where the two part. Pure.

It is small beside the body, so that a far probe that has no store can tell apart what it saw.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Segments = tuple[tuple[int, int], ...]
"""Length and checksum of each; one ends behind a `>` or a line's end, so that HTML's tags tell."""

_PIECE = re.compile(rb"[^>\n]{1,256}[>\n]?|[>\n]")
_LONG = 4096
"""The pieces of a longer body are put together, up to `_TOGETHER` of them."""
_TOGETHER = 16
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Sketch:
    """`coarse` says how the body was cut, since what it is compared with must be cut alike."""

    segments: Segments = ()
    coarse: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """`share` of the expected bytes stands in what was found too; it parts at byte `at` with `excerpt`."""

    share: float
    at: int
    excerpt: str


def of(body: bytes) -> Sketch:
    coarse = len(body) > _LONG
    return Sketch(_cut(body, coarse=coarse), coarse)


def compare(expected: Sketch, found: bytes) -> Difference:
    there = _cut(found, coarse=expected.coarse)
    at = _common(expected.segments, there)
    return Difference(_share(expected.segments, there), at, _excerpt(found[at : at + _SHOWN]))


def _cut(body: bytes, *, coarse: bool) -> Segments:
    pieces = ((len(piece), zlib.crc32(piece)) for piece in _PIECE.findall(body))
    return tuple(_together(pieces) if coarse else pieces)


def _together(pieces: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The pieces themselves say where a segment ends, so that behind a difference all is as it was."""
    length, total, count = 0, 0, 0
    for size, checksum in pieces:
        length, total, count = length + size, zlib.crc32(checksum.to_bytes(4), total), count + 1
        if checksum % 4 == 0 or count == _TOGETHER:
            yield length, total
            length, total, count = 0, 0, 0
    if length:
        yield length, total


def _common(expected: Segments, found: Segments) -> int:
    """The bytes of the segments that both begin with."""
    at = 0
    for ours, theirs in zip(expected, found, strict=False):
        if ours != theirs:
            break
        at += ours[0]
    return at


def _share(expected: Segments, found: Segments) -> float:
    total = sum(length for length, _ in expected)
    kept = Counter(expected) & Counter(found)
    return sum(length * times for (length, _), times in kept.items()) / total if total else 0.0


def _excerpt(found: bytes) -> str:
    text = "".join(one if one.isprintable() else "." for one in found.decode(errors="replace"))
    return " ".join(text.split())
