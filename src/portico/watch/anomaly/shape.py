"""Whether the last three hours ran as any three hours before them: the nearest of three weeks of half-hour
means.

Finds what no single point shows: a weekday that runs like a Sunday, a slow drift, a rhythm that broke. What
came once before is known from then on, so weekends and holidays are learnt like everything else.
"""

from __future__ import annotations

import math
from array import array

WIDTH = 1800
WINDOW = 6
KEPT = 1000
MEMORY = 480
LEARNING = 20
CLIP = 4.0
STEEPNESS = 6.0
MOST = 16.0


class Shape:
    """Means of half hours, and how far the last six lie from each earlier six.

    The distances are carried on from half hour to half hour: each window's next distance is its neighbour's
    last one, plus the newest pair and minus the oldest.
    """

    __slots__ = ("bin", "count", "distances", "means", "total", "usual", "windows")

    def __init__(self) -> None:
        self.means, self.distances = array("f"), array("d")
        self.bin = -1
        self.total = 0.0
        self.count = self.windows = 0
        self.usual = 0.0

    def bits(self, at: float, value: float) -> float:
        """Surprise of the half hours so far, when this point opens a new one; else 0."""
        now = int(at // WIDTH)
        bits = 0.0
        if now != self.bin and self.count:
            self._append(self.total / self.count)
            bits = self._surprise()
            self.total, self.count = 0.0, 0
        self.bin = now
        self.total += value
        self.count += 1
        return bits

    def _append(self, mean: float) -> None:
        means, last = self.means, len(self.means)
        means.append(mean)
        newest = means[last]
        if last < WINDOW:
            return
        oldest = means[last - WINDOW]
        carried = zip(self.distances, means[WINDOW:last], means, strict=False)
        moved = [
            far
            + (newest - entered if newest > entered else entered - newest)
            - (oldest - left if oldest > left else left - oldest)
            for far, entered, left in carried
        ]
        first = math.fsum(abs(means[last - back] - means[WINDOW - 1 - back]) for back in range(WINDOW))
        self.distances = array("d", [first, *moved])
        if last >= KEPT:
            del means[0], self.distances[0]

    def _surprise(self) -> float:
        """Distance to the nearest window that doesn't overlap, beside what that distance usually is."""
        apart = len(self.means) - 2 * WINDOW + 1
        if apart < 2:
            return 0.0
        nearest = min(self.distances[:apart])
        if nearest <= 1e-6 * abs(self.means[-1]):
            return 0.0
        usual, bits = self.usual, 0.0
        if self.windows >= LEARNING and nearest > usual > 0.0:
            bits = min(STEEPNESS * math.log2(nearest / usual), MOST)
        if self.windows >= LEARNING:
            nearest = min(nearest, CLIP * usual)
        self.windows += 1
        self.usual += (nearest - usual) / min(self.windows, MEMORY)
        return bits
