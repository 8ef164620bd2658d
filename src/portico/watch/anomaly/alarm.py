"""When surprise becomes an alert: once for each episode, and less easily the more there have been of late."""

from __future__ import annotations

import math
from array import array
from typing import Final

BITS: Final = 6.75
UP, DOWN, SHAPE = range(3)
STEEPNESS: Final = (0.7, 0.7, 4.0)
OTHERS: Final = 0.1
HALF_LIFE: Final = 20 * 86_400.0
CALM: Final = 900.0
CALM_POINTS: Final = 18
SILENCE: Final = 43_200.0
TOLERANCE: Final = 6.0
TOLERANT: Final = 900.0


class Alarm:
    """Counts alerts, which fade within weeks, and remembers the last episode and what was announced.

    Each alert makes the next of its kind harder, those of other kinds a little: a series that cries each day
    is less and less believed. `SHAPE` judges hours, so it waits half a day after any alert or note.
    """

    __slots__ = ("alerted", "at", "counts", "kind", "lasting", "noted")

    def __init__(self) -> None:
        self.counts = array("d", [0.0, 0.0, 0.0])
        self.kind = UP
        self.at = self.alerted = self.lasting = self.noted = -math.inf

    def note(self, at: float) -> None:
        """A restart or a deploy: a quarter of an hour in which it takes more to be surprised."""
        self.noted = max(self.noted, at)

    def needed(self, kind: int) -> float:
        """Bits that an alert of this kind takes now."""
        own = self.counts[kind]
        others = OTHERS * (sum(self.counts) - own)
        return BITS + STEEPNESS[kind] * math.log2(1.0 + own + others) + self._tolerance()

    def excess(self, at: float, step: float, bits: tuple[float, float, float]) -> float:
        """Bits above what an alert takes, of the kind that stands out most; minus infinity in an episode."""
        self._fade(at)
        if 0.0 <= at - self.lasting < min(max(CALM, CALM_POINTS * step), SILENCE):
            if bits[self.kind] >= BITS:
                self.lasting = at
            return -math.inf
        calm = at - max(self.alerted, self.noted) >= SILENCE
        kinds = (UP, DOWN, SHAPE) if calm else (UP, DOWN)
        best, kind = max((bits[kind] - self.needed(kind), kind) for kind in kinds)
        if best >= 0.0:
            self.counts[kind] += 1.0
            self.kind, self.alerted, self.lasting = kind, at, at
        return best

    def _tolerance(self) -> float:
        since = self.at - self.noted
        return TOLERANCE * (1.0 - since / TOLERANT) if 0.0 <= since < TOLERANT else 0.0

    def _fade(self, at: float) -> None:
        if at > self.at and math.isfinite(self.at):
            left = 0.5 ** ((at - self.at) / HALF_LIFE)
            for kind in (UP, DOWN, SHAPE):
                self.counts[kind] *= left
        self.at = max(at, self.at)
