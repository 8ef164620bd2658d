"""When surprise becomes an alert: once for each episode, and less easily the more there have been of late."""

from __future__ import annotations

import math
from array import array
from typing import Final

BITS: Final = 6.5
UP, DOWN, SHAPE = range(3)
STEEPNESS: Final = (1.0, 1.0, 3.0)
HALF_LIFE: Final = 20 * 86_400.0
OTHERS: Final = 0.2
SILENCE: Final = 1800.0
SILENCE_POINTS: Final = 36
SILENCE_SHAPE: Final = 43_200.0
TOLERANCE: Final = 6.0
TOLERANT: Final = 900.0


class Alarm:
    """Counts alerts that fade within weeks, and the time of the last one and of what was announced."""

    __slots__ = ("alerted", "at", "counts", "noted")

    def __init__(self) -> None:
        self.counts = array("d", [0.0, 0.0, 0.0])
        self.at = self.alerted = self.noted = -math.inf

    def note(self, at: float) -> None:
        """A restart or a deploy: for a quarter of an hour it takes more to be surprised, less and less so."""
        self.noted = max(self.noted, at)

    def needed(self, kind: int) -> float:
        """Bits that an alert of this kind takes now."""
        counts = self.counts
        own = counts[kind]
        others = OTHERS * (sum(counts) - own)
        return BITS + STEEPNESS[kind] * math.log2(1.0 + own + others) + self._tolerance()

    def _tolerance(self) -> float:
        since = self.at - self.noted
        return TOLERANCE * (1.0 - since / TOLERANT) if 0.0 <= since < TOLERANT else 0.0

    def excess(self, at: float, step: float, bits: tuple[float, float, float]) -> float:
        """Bits above what an alert takes, of the kind that stands out most; minus infinity while silent."""
        self._fade(at)
        quiet = at - self.alerted
        if quiet < min(max(SILENCE, SILENCE_POINTS * step), SILENCE_SHAPE):
            return -math.inf
        kinds = (UP, DOWN, SHAPE) if quiet >= SILENCE_SHAPE else (UP, DOWN)
        best, kind = max((bits[kind] - self.needed(kind), kind) for kind in kinds)
        if best >= 0.0:
            self.counts[kind] += 1.0
            self.alerted = at
        return best

    def _fade(self, at: float) -> None:
        if at > self.at and math.isfinite(self.at):
            left = 0.5 ** ((at - self.at) / HALF_LIFE)
            for kind in (UP, DOWN, SHAPE):
                self.counts[kind] *= left
        self.at = max(at, self.at)
