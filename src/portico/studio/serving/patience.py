"""How long to wait before something that died is tried again. Pure."""

from __future__ import annotations

SHORTEST = 0.1
LONGEST = 10.0
STEADY = 20.0
"""Seconds after which a life counts as a good one."""


def before_next(lived: float, waited: float) -> float:
    """Seconds: twice as long each time, from the start again after a good life."""
    if lived >= STEADY:
        return SHORTEST
    return min(max(waited * 2, SHORTEST), LONGEST)
