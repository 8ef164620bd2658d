"""How far the last points lie from the level just before them, in units of the series' own noise.

The detector looks twice: at the last point alone, for spikes and drops, and at the mean of the last four, for
steps that hide in noise. What the time of day explains is taken off first, where that has made smaller
errors.
"""

from __future__ import annotations

import math
from array import array

LEVEL = 8
MEMORY = 2000
MEMORY_NOW = 80
NOW = 0.8
CLIP = 6.0
LEARNING = 30
SUDDEN = 3.0
CLOCKWORK = 25.0


class Residual:
    """The mean of the last `span` points against the level before them.

    Noise is a slow mean of the residuals' size, or most of a quick one when times are rougher than usual. It
    learns from values that moved only: zeros at night, a stuck sensor and interpolated gaps say nothing of
    noise, and would make the next honest point look like a catastrophe.
    """

    __slots__ = (
        "count",
        "error_plain",
        "error_season",
        "level",
        "levels",
        "noise",
        "noise_now",
        "offset",
        "offsets",
        "place",
        "plains",
        "previous",
        "seasonal",
        "seasons",
        "seen",
        "span",
    )

    def __init__(self, span: int) -> None:
        self.span = span
        self.place = -1
        self.count = self.seen = 0
        self.seasonal = False
        self.level = self.offset = self.previous = 0.0
        self.error_plain = self.error_season = self.noise = self.noise_now = 0.0
        self.plains, self.levels = array("d", [0.0]) * span, array("d", [0.0]) * span
        self.seasons, self.offsets = array("d", [0.0]) * span, array("d", [0.0]) * span

    def read(self, value: float, expected: float) -> float:
        """Signed distance in units of noise, 0 while learning; the point is learnt after."""
        known = expected == expected  # noqa: PLR0124 - the quickest test for NaN
        if self.place < 0:
            self.restart(value)
        if known and not self.seasonal:
            self._season_begins(value - expected)
        season = value - expected if known else self.offset
        plain_away, season_away = self._away(value, season)
        away = season_away if self.in_season else plain_away
        size = self.size()
        self.seen += 1
        if self.count > LEARNING:
            distance = _told(plain_away, away, size) / (size + 1e-9 * abs(value) + 1e-12)
        else:
            distance = self._rarity(away) if value != self.previous else 0.0
        if value != self.previous:
            self._learn(abs(plain_away), abs(season_away), min(abs(away), self._limit(size)))
        self.previous = value
        limit = self._limit(size)
        self.level += max(-limit, min(limit, value - self.level)) / LEVEL
        if known:
            self.offset += max(-limit, min(limit, season - self.offset)) / LEVEL
        return distance

    @property
    def in_season(self) -> bool:
        return self.seasonal and self.error_season <= self.error_plain

    def usual(self, expected: float) -> float:
        """The value that the next point should be near."""
        known = expected == expected  # noqa: PLR0124 - the quickest test for NaN
        return expected + self.offset if known and self.in_season else self.level

    def size(self) -> float:
        return max(self.noise, NOW * self.noise_now)

    def _limit(self, size: float) -> float:
        """One point moves what is learnt by a few noises at most, so that an outage isn't learnt at once."""
        return CLIP * size if self.count > 10 else math.inf

    def _rarity(self, away: float) -> float:
        """A series that hardly ever moved has no noise yet: what surprises is that it moves at all."""
        if self.seen <= LEARNING:
            return 0.0
        rarity = ((self.seen + 1) / (self.count + 1)) ** (1 / 3)
        return math.copysign(rarity * min(1.0, abs(away) / self.noise if self.noise else 1.0), away)

    def restart(self, value: float) -> None:
        """Take `value` for the level: at the first point."""
        self.place = 0
        self.level = value
        self.previous = value - 1.0
        for place in range(self.span):
            self.plains[place] = self.levels[place] = value

    def _season_begins(self, offset: float) -> None:
        self.seasonal = True
        self.offset = offset
        for place in range(self.span):
            self.seasons[place] = self.offsets[place] = offset

    def _away(self, value: float, season: float) -> tuple[float, float]:
        """The last points' mean above the level before them, without and with the season."""
        if self.span == 1:
            return value - self.level, season - self.offset
        span, place = self.span, self.place
        self.plains[place], self.levels[place] = value, self.level
        self.seasons[place], self.offsets[place] = season, self.offset
        self.place = before = (place + 1) % span
        return (
            sum(self.plains) / span - self.levels[before],
            sum(self.seasons) / span - self.offsets[before],
        )

    def _learn(self, plain: float, season: float, away: float) -> None:
        count = self.count + 1
        share = 1.0 / min(count, MEMORY)
        if count > 50:
            plain = min(plain, 5.0 * self.error_plain + 1e-9)
            season = min(season, 5.0 * self.error_season + 1e-9)
        self.error_plain += share * (plain - self.error_plain)
        self.error_season += share * (season - self.error_season)
        self.noise += share * (away - self.noise)
        self.noise_now += (away - self.noise_now) / min(count, MEMORY_NOW)
        self.count = count


def _told(plain: float, away: float, size: float) -> float:
    """What merely didn't happen is no news: a Saturday that doesn't get busy at eight is no outage.

    Unless it was clockwork: a jump that came each day, far beyond all noise.
    """
    happened = abs(plain) >= SUDDEN * size or abs(away) >= CLOCKWORK * size
    return away if happened else plain
