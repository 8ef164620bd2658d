"""Lines as text: braille dots for charts, bars of eighths for a series in one row. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

Point = tuple[float, float]
"""From 0 to 1 each: left to right, bottom to top."""

DOTS_WIDE, DOTS_HIGH = 2, 4
_EMPTY = 0x2800
_BITS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
_BARS = "▁▂▃▄▅▆▇█"


def braille(lines: Iterable[Sequence[Point]], width: int, height: int) -> list[str]:
    """`height` rows of `width` characters, the top first; each line is drawn through its points."""
    cells = [[0] * width for _ in range(height)]
    for line in lines:
        for x, y in _dots(line, width * DOTS_WIDE, height * DOTS_HIGH):
            row, bit = divmod(height * DOTS_HIGH - 1 - y, DOTS_HIGH)
            cells[row][x // DOTS_WIDE] |= _BITS[x % DOTS_WIDE][bit]
    return ["".join(chr(_EMPTY + cell) if cell else " " for cell in row) for row in cells]


def bars(lines: Iterable[Sequence[Point]], width: int) -> str:
    """One row: in each column the mean of the line there, blank where there is none."""
    heights: list[list[float]] = [[] for _ in range(width)]
    for line in lines:
        for x, y in _dots(line, width, 1000):
            heights[x].append(y / 999)
    return "".join(_bar(sum(found) / len(found)) if found else " " for found in heights)


def _bar(share: float) -> str:
    return _BARS[round(share * (len(_BARS) - 1))]


def _dots(line: Sequence[Point], wide: int, high: int) -> Iterator[tuple[int, int]]:
    placed = [(_place(x, wide), _place(y, high)) for x, y in line]
    yield from placed[:1]
    for before, after in pairwise(placed):
        yield from _between(before, after)


def _place(share: float, size: int) -> int:
    return min(size - 1, max(0, round(share * (size - 1))))


def _between(before: tuple[int, int], after: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The dots of a straight line, without its first."""
    across, up = after[0] - before[0], after[1] - before[1]
    steps = max(abs(across), abs(up), 1)
    for step in range(1, steps + 1):
        yield before[0] + round(across * step / steps), before[1] + round(up * step / steps)
