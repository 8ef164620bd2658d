"""Where a chart's ticks are and what stands beside them: round numbers, round moments of local time. Pure."""

from __future__ import annotations

import math
from datetime import datetime
from itertools import pairwise

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_STEPS = (
    *(1, 2, 5, 10, 15, 30, _MINUTE, 2 * _MINUTE, 5 * _MINUTE, 10 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE),
    *(_HOUR, 2 * _HOUR, 3 * _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY, 2 * _DAY, 7 * _DAY, 14 * _DAY),
    *(28 * _DAY, 56 * _DAY, 112 * _DAY),
)
_APART = 4
"""So many characters at least lie between two moments."""


def scale(low: float, high: float) -> tuple[float, float]:
    """What the vertical axis spans: from 0 where that costs little."""
    if low == high:
        return (min(low, 0.0), max(high, 0.0)) if low else (0.0, 1.0)
    if 0 <= low < 0.6 * high:
        low = 0.0
    return low, high


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most so many round numbers between the two."""
    rough = (high - low) / max(1, most)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(step * size for step in (1, 2, 5, 10, 20) if step * size >= rough)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)][: max(1, most) + 1]


def moments(start: float, end: float, width: int) -> list[tuple[int, str]]:
    """Columns and labels below a chart that is so many characters wide, none overlapping another."""
    for step in _STEPS:
        found = [(_column(at, start, end, width), _label(at, step)) for at in _round(start, end, step)]
        found = [(column, text) for column, text in found if column + len(text) <= width]
        if all(after[0] - before[0] >= len(before[1]) + _APART for before, after in pairwise(found)):
            return found
    return []


def ruler(labels: list[tuple[int, str]], width: int) -> tuple[str, str]:
    """The axis, with a tick at each label's beginning, and the labels."""
    line, text = ["─"] * width, [" "] * width
    for column, label in labels:
        line[column] = "┬"
        text[column : column + len(label)] = label
    return "".join(line), "".join(text).rstrip()


def _round(start: float, end: float, step: int) -> list[float]:
    """Moments that local clocks call round."""
    offset = datetime.fromtimestamp(start).astimezone().utcoffset()
    ahead = offset.total_seconds() if offset else 0.0
    first = math.ceil((start + ahead) / step)
    count = math.floor((end + ahead) / step) - first
    return [(first + number) * step - ahead for number in range(min(count, 2000) + 1)]


def _column(at: float, start: float, end: float, width: int) -> int:
    return round((at - start) / (end - start) * (width - 1))


def _label(at: float, step: int) -> str:
    moment = datetime.fromtimestamp(at).astimezone()
    if step < _MINUTE:
        return moment.strftime("%H:%M:%S")
    if step >= _DAY:
        return f"{moment.day} {moment:%b}"
    return moment.strftime("%H:%M") if moment.hour or moment.minute else f"{moment.day} {moment:%b}"
