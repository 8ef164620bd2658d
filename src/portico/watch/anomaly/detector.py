"""The anomaly detector of one series: points go in one by one, a verdict comes out for each. No knobs.

Three opinions, all in bits of surprise: the last point and the last four against the level before them
(`residual`, `tail`), and the last hours against three weeks (`shape`). `alarm` turns them into alerts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Self

from portico.watch.anomaly import alarm, packing
from portico.watch.anomaly.alarm import Alarm
from portico.watch.anomaly.residual import LEARNING, Residual
from portico.watch.anomaly.season import Season
from portico.watch.anomaly.shape import Shape
from portico.watch.anomaly.still import Still
from portico.watch.anomaly.tail import Tail

THRESHOLD: Final = 0.5
MINUTE: Final = 60.0
GAP: Final = 3600.0
GAP_POINTS: Final = 12


@dataclass(frozen=True, slots=True)
class Verdict:
    """`score` is 0 to 1, from THRESHOLD on an alert, which comes once for each episode.

    `bits` says how surprising the point is by itself, also while an alert lasts. What lies between `low` and
    `high` would not have been surprising.
    """

    score: float
    bits: float
    low: float
    high: float
    learning: bool

    @property
    def anomalous(self) -> bool:
        return self.score >= THRESHOLD


class Detector:
    """Reads points in order; strictly causal: a verdict depends on the points so far and nothing else."""

    __slots__ = (
        "alarm",
        "at",
        "bits",
        "count",
        "down",
        "four",
        "high",
        "highest",
        "low",
        "lowest",
        "one",
        "season",
        "shape",
        "step",
        "still",
        "total",
        "up",
        "value",
    )

    def __init__(self) -> None:
        self.season, self.shape = Season(), Shape()
        self.one, self.four = Residual(1), Residual(4)
        self.up, self.down = Tail(), Tail()
        self.still = Still()
        self.alarm = Alarm()
        self.at, self.step = -math.inf, 0.0
        self.total, self.count = 0.0, 0
        self.lowest, self.highest = math.inf, -math.inf
        self.value, self.bits, self.low, self.high = 0.0, 0.0, -math.inf, math.inf

    @classmethod
    def load(cls, data: bytes) -> Self:
        """A detector as it was when it was dumped; ValueError when they are damaged or other bytes."""
        detector = cls()
        packing.unpack(data, detector)
        return detector

    def dump(self) -> bytes:
        return packing.pack(self)

    def note(self, at: float, why: str) -> None:  # noqa: ARG002 - for who reads the call
        """Something was done to what is measured (a restart, a deploy, a drill): be tolerant for a while."""
        self.alarm.note(float(at))

    def observe(self, at: float, value: float) -> Verdict:
        """Judge one point by those before it, then learn it; what isn't a number counts as missing.

        Points closer than a minute are judged together, when their minute is complete.
        """
        if not math.isfinite(value):
            return self._quiet()
        self._measure_step(float(at), value)
        self.total += value
        self.count += 1
        if 0.0 < self.step < MINUTE and (at + self.step) // MINUTE == at // MINUTE:
            return self._quiet()
        mean = self.total / self.count
        self.total, self.count = 0.0, 0
        return self._judge(float(at), mean)

    def _resume(self, value: float) -> None:
        """After a gap nobody knows the level: take this one; the time of day is still known."""
        self.total, self.count = 0.0, 0
        for residual in (self.one, self.four):
            residual.restart(value)

    def _measure_step(self, at: float, value: float) -> None:
        """The usual distance of points: the first one seen, then a slow mean that gaps hardly move."""
        passed = at - self.at
        if passed <= 0.0:
            return
        self.at = at
        if passed > max(GAP, GAP_POINTS * self.step):
            self._resume(value)
        if math.isinf(passed):
            return
        if self.step == 0.0 or passed < 0.5 * self.step:
            self.step = passed
        else:
            self.step += 0.05 * (min(passed, 4.0 * self.step) - self.step)

    def _judge(self, at: float, value: float) -> Verdict:
        expected = self.season.at(at, value)
        self._expect(expected)
        one, four = self.one.read(value, expected), self.four.read(value, expected)
        bits = (
            self.up.bits(max(one, four)),
            self.down.bits(max(-one, -four)),
            max(self.shape.bits(at, value), self.still.bits(value)),
        )
        excess = self.alarm.excess(at, max(self.step, MINUTE), bits)
        self.value, self.bits = value, max(bits)
        self.lowest, self.highest = min(self.lowest, value), max(self.highest, value)
        return Verdict(1.0 / (1.0 + 2.0**-excess), self.bits, self.low, self.high, self.learning)

    def _expect(self, expected: float) -> None:
        """The range whose ends would just be worth an alert; what hardly ever moved is expected to stay."""
        if self.learning:
            return
        if self.one.count <= LEARNING:
            self.low, self.high = self.lowest, self.highest
            return
        usual, noise = self.one.usual(expected), self.one.size()
        self.low = usual - noise * self.down.distance(self.alarm.needed(alarm.DOWN))
        self.high = usual + noise * self.up.distance(self.alarm.needed(alarm.UP))
        if self.low < 0.0 <= self.lowest:
            self.low = 0.0

    @property
    def learning(self) -> bool:
        return self.one.seen <= LEARNING

    def _quiet(self) -> Verdict:
        return Verdict(0.0, self.bits, self.low, self.high, self.learning)
