"""Numbers as people read them, on the console's pages and in the terminal's first one. Pure."""

from __future__ import annotations

NOTHING = "\u2013"
"""Where there is no number."""

THIN = "\u202f"
"""Separates thousands; no line breaks there."""

_HARD = "\u00a0"


def span(seconds: float | None) -> str:
    """A time span by its largest unit: `4 s`, `2 min`, `5 h`, `3 d`."""
    if seconds is None:
        return NOTHING
    seconds = max(0.0, seconds)
    for unit, size, least in (("d", 86400.0, 2), ("h", 3600.0, 1), ("min", 60.0, 1)):
        if seconds >= least * size:
            return f"{seconds // size:.0f} {unit}"
    return f"{min(59.0, seconds):.0f} s"


def took(seconds: float | None) -> str:
    """What something took: `0.4 ms`, `37 ms`, `0.41 s`, `12.3 s`, `2 min 5 s`."""
    if seconds is None:
        return NOTHING
    if seconds < 0.01:
        return f"{seconds * 1000:.1f} ms"
    if seconds < 0.1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 10:
        return f"{seconds:.2f} s"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


def size(octets: float | None) -> str:
    """Bytes, in units of 1000: `532 B`, `1.2 MB`."""
    if octets is None:
        return NOTHING
    for unit in ("B", "kB", "MB", "GB"):
        if abs(octets) < 1000:
            return f"{octets:.0f} {unit}" if unit == "B" or abs(octets) >= 100 else f"{octets:.1f} {unit}"
        octets /= 1000
    return f"{octets:.1f} TB"


def ratio(share: float | None, digits: int = 4) -> str:
    """A share in percent, with as many digits as tell a promise from a perfect record."""
    if share is None:
        return NOTHING
    if share < 1 and round(share * 100, digits) == 100:
        return f"{100 - 10**-digits:.{digits}f} %"
    text = f"{share * 100:.{digits}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def number(value: float | None) -> str:
    """With separators, and no more digits than tell something."""
    if value is None:
        return NOTHING
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}".replace(",", THIN)
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def rate(value: float | None) -> str:
    if value is None:
        return NOTHING
    told = number(round(value)) if value >= 10 else f"{value:.1f}".removesuffix(".0")
    return f"{told}/s"


def unbroken(text: str) -> str:
    """The same on one line."""
    return text.replace(" ", _HARD)


def count(many: float, noun: str, nouns: str = "") -> str:
    return f"{number(many)} {noun if many == 1 else nouns or noun + 's'}"


def short(digest: str | None) -> str:
    """What people read of a snapshot's id."""
    return digest[:12] if digest else NOTHING
