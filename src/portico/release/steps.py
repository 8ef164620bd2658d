"""The steps of a publish as people say them. Pure."""

from __future__ import annotations

from portico.model import MIRROR
from portico.release.procedure import COPY

_WORDS = {
    "freeze": "frozen",
    "check": "checked",
    "warm": "warm",
    "flip": "live",
    "seen": "seen from outside",
    "flip-back": "flipped back",
}


def said(word: str) -> str:
    """`copy:a` is `in cluster a`."""
    verb, _, place = word.partition(":")
    where = "the mirror" if place == MIRROR else f"cluster {place}"
    if verb == COPY:
        return f"in {where}"
    return f"seen in {where}" if place else _WORDS.get(verb, word)
