"""Telephone numbers as they are shown: in one piece, however narrow the column."""

from __future__ import annotations

_NO_BREAK = "\u00a0"


def unbroken(number: str) -> str:
    return number.replace(" ", _NO_BREAK)
