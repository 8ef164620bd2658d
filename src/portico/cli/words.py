"""Numbers as people read them: ages, durations, sizes, moments. Pure."""

from __future__ import annotations

import re
from datetime import datetime

from portico.board import words
from portico.cli.told import UsageError

age, size = words.span, words.size

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
SHORT = 12
"""How much of a snapshot's id people read."""


def short(snapshot: str | None) -> str:
    return snapshot[:SHORT] if snapshot else "none"


def duration(seconds: float) -> str:
    """What something took: `3 ms`, `0.41 s`, `12.3 s`, `2 min 5 s`."""
    if seconds < 0.1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 10:
        return f"{seconds:.2f} s"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


def count(number: int, noun: str, many: str = "") -> str:
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def clock(at: float, now: float) -> str:
    """The local time of day, with the date when it was another day."""
    moment, today = datetime.fromtimestamp(at).astimezone(), datetime.fromtimestamp(now).astimezone()
    return moment.strftime("%H:%M:%S" if moment.date() == today.date() else "%Y-%m-%d %H:%M:%S")


def iso(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().isoformat(timespec="milliseconds")


def span(text: str, where: str) -> float:
    """`90s`, `10m`, `2h`, `3d`, in seconds. `where` is the flag."""
    seconds = _seconds(text)
    if seconds is not None:
        return seconds
    raise UsageError(f"expected a time span, got {text!r}", where=where, hint=f"{where} 2h")


def since(text: str, now: float) -> float:
    """`90s`, `10m`, `2h`, `3d` back from now, or a moment such as `2026-11-23T04:00`. Epoch seconds."""
    seconds = _seconds(text)
    if seconds is not None:
        return now - seconds
    try:
        return datetime.fromisoformat(text).astimezone().timestamp()
    except ValueError:
        raise UsageError(
            f"expected a time span or a moment, got {text!r}", where="--since", hint="--since 10m"
        ) from None


def _seconds(text: str) -> float | None:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd])", text.strip())
    return float(found[1]) * _UNITS[found[2]] if found else None
