"""How many bits of surprise a distance is worth: rare for noise in general and for this series' own past."""

from __future__ import annotations

import math

BLOCK = 144
PRIOR = 10
MEMORY = 400
HIGH = 1.5
WIDTH = 0.33
WIDEST = 1.5
FLOOR = 0.3
STEEPNESS = 3.0
HEADROOM = 5.0
MOST = 24.0
_LN2 = math.log(2.0)


class Tail:
    """The highest distances of blocks of points, one side of the series.

    Surprise is the smaller of two readings. The first holds for noise in general: twice the distance is three
    bits rarer. The second is the series' own: how many blocks pass until one reaches this height, by Gumbel's
    law for the logarithm of block maxima, and some headroom. So a series that spikes each hour teaches that
    spikes are usual, and one that hardly ever moves cannot make a trifle look like the end of the world.
    """

    __slots__ = ("blocks", "count", "highest", "place", "width")

    def __init__(self) -> None:
        self.place, self.width = HIGH, WIDTH
        self.blocks = self.count = 0
        self.highest = 0.0

    def bits(self, distance: float) -> float:
        """Surprise of a distance on this side, from 0 to 24 bits; the distance is learnt after."""
        bits = 0.0
        if distance > 1.0:
            height = math.log(distance)
            own = max(0.0, (height - self.place) / self.width)
            bits = min(STEEPNESS * height / _LN2, own / _LN2 + HEADROOM, MOST)
        self.highest = max(self.highest, distance)
        self.count += 1
        if self.count == BLOCK:
            self._learn(math.log(max(self.highest, FLOOR)))
        return bits

    def distance(self, bits: float) -> float:
        """The distance that is worth so many bits: the inverse of `bits`."""
        own = self.place + max(0.0, bits - HEADROOM) * _LN2 * self.width
        return math.exp(max(bits * _LN2 / STEEPNESS, own if bits > HEADROOM else 0.0))

    def _learn(self, height: float) -> None:
        self.blocks = min(self.blocks + 1, MEMORY)
        share = 1.0 / (self.blocks + PRIOR)
        away = max(-2.0 * self.width, min(2.0 * self.width, height - self.place))
        self.place += share * away
        wide = self.width + share * (max(away, 0.0) / 0.49 - self.width)
        self.width = max(WIDTH, min(WIDEST, wide))
        self.count, self.highest = 0, 0.0
