"""What a series usually shows at this time of day: the median of seven days, ten minutes by ten minutes."""

from __future__ import annotations

import math
from array import array

DAY = 86_400
BINS = 144
WIDTH = DAY // BINS
DAYS = 7


class Season:
    """Means of ten minutes for a week of days; a bin's neighbours speak for it too."""

    __slots__ = ("bin", "count", "expected", "means", "total")

    def __init__(self) -> None:
        self.means = array("f", [math.nan]) * (BINS * DAYS)
        self.bin = -1
        self.total = 0.0
        self.count = 0
        self.expected = math.nan

    def at(self, at: float, value: float) -> float:
        """The usual value at this time, NaN when unknown; `value` is learnt after."""
        now = int(at // WIDTH)
        if now != self.bin:
            self._turn(now)
        expected = self.expected
        self.total += value
        self.count += 1
        return expected

    def _turn(self, now: int) -> None:
        """Close the last bin, forget those that had no points, and look the new one's past up."""
        means, last = self.means, self.bin
        if self.count:
            means[last % len(means)] = self.total / self.count
        if last >= 0:
            for missed in range(last + 1, min(now, last + len(means))):
                means[missed % len(means)] = math.nan
        self.bin, self.total, self.count = now, 0.0, 0
        self.expected = self._median(now)

    def _median(self, now: int) -> float:
        means, size = self.means, len(self.means)
        known = []
        for day in range(size, 0, -BINS):
            for near in (-1, 0, 1):
                mean = means[(now - day + near) % size]
                if mean == mean:  # noqa: PLR0124 - the quickest test for NaN
                    known.append(mean)
        if not known:
            return math.nan
        known.sort()
        middle = len(known) // 2
        return known[middle] if len(known) % 2 else 0.5 * (known[middle - 1] + known[middle])
