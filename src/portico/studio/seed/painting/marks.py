"""Customers' marks: plain vector drawings of one colour, so that a dark page can turn them around."""

from __future__ import annotations

from collections.abc import Mapping

_WAVES = "q6-8 12 0t12 0 12 0 12 0"

MARKS: Mapping[str, str] = {
    "mark-waves": f'<path d="M4 16{_WAVES}M4 28{_WAVES}M4 40{_WAVES}"/>',
    "mark-wheel": '<circle cx="28" cy="28" r="20"/><circle cx="28" cy="28" r="5"/>'
    '<path d="M28 3v20M28 33v20M3 28h20M33 28h20M10 10l14 14M32 32l14 14M46 10L32 24M24 32L10 46"/>',
    "mark-hop": '<path d="M28 6v8M28 52C16 46 12 36 14 24c6 0 11 2 14 7 3-5 8-7 14-7 2 12-2 22-14 28z'
    'M28 31V14M17 17c2-4 6-6 11-5 5-1 9 1 11 5"/>',
    "mark-steps": '<path d="M4 14h14v12h12v12h12v12h10M4 26h6v12h12v12h8"/>',
    "mark-arch": '<path d="M6 50V26a22 22 0 0 1 44 0v24M17 50V27a11 11 0 0 1 22 0v23M2 50h52"/>',
    "mark-kolk": '<circle cx="28" cy="28" r="23"/><circle cx="28" cy="32" r="13"/>'
    '<circle cx="28" cy="35" r="3.5"/>',
    "mark-rings": '<circle cx="28" cy="28" r="23"/><circle cx="26" cy="29" r="15"/>'
    '<circle cx="25" cy="30" r="7"/><path d="M28 5v12"/>',
}


_OWN = "mark-kolk"


def svg(name: str) -> str:
    """The company's own mark has the colour that a light page and a dark one bear."""
    colour, width = ("#ef6a34", "6") if name == _OWN else ("#10211f", "3.5")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="56" height="56" viewBox="0 0 56 56" fill="none" '
        f'stroke="{colour}" stroke-width="{width}" stroke-linecap="square">{MARKS[name]}</svg>'
    )
