"""Measured numbers as people read them, by the unit of their metric. Pure."""

from __future__ import annotations

import math

from portico.cli import words

_COUNTS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k"))
_SPANS = ((2 * 86400, 86400, "d"), (2 * 3600, 3600, "h"), (120, 60, "min"), (1, 1, "s"), (1e-3, 1e-3, "ms"))


def said(value: float, unit: str, *, rate: bool = False) -> str:
    """`1.2 MB`, `35 ms`, `12 %`, `34k`; a rate is so much per second: `34k/s`."""
    sign = "-" if value < 0 else ""
    return f"{sign}{_UNITS.get(unit, _count)(abs(value))}{'/s' if rate else ''}"


def _count(value: float) -> str:
    for size, letter in _COUNTS:
        if value >= size:
            return f"{_digits(value / (1e3 if letter == 'k' else size))}{letter}"
    return f"{value:,.0f}" if value >= 1000 else _digits(value)


def _seconds(value: float) -> str:
    for least, size, name in _SPANS:
        if value >= least:
            return f"{_digits(value / size)} {name}"
    return f"{_digits(value * 1e6)} µs" if value else "0 s"


def _ratio(value: float) -> str:
    return f"{_digits(value * 100)} %"


def _digits(value: float) -> str:
    """Three digits that say something, without zeros at the end."""
    if not value:
        return "0"
    places = max(0, 2 - math.floor(math.log10(value)))
    text = f"{value:.{min(places, 9)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_UNITS = {"seconds": _seconds, "bytes": words.size, "ratio": _ratio}
