"""Whether a series stands still longer than it ever did: a stuck one looks calm to all else."""

from __future__ import annotations

from typing import Final

SHORTEST: Final = 12
LEARNING: Final = 500
BITS: Final = 12.0


class Still:
    """Runs of the same value: this one's length and the longest one's so far."""

    __slots__ = ("longest", "previous", "run", "seen")

    def __init__(self) -> None:
        self.previous = 0.0
        self.run = self.longest = self.seen = 0

    def bits(self, value: float) -> float:
        """Surprise, once, when a run has become twice as long as any before."""
        self.seen += 1
        if value != self.previous or self.seen == 1:
            self.longest = max(self.longest, self.run)
            self.previous, self.run = value, 0
        self.run += 1
        usual = max(SHORTEST, 2 * self.longest)
        return BITS if self.run == usual + 1 and self.seen > LEARNING else 0.0
