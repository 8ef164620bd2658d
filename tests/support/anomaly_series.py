"""Made-up series with fixed seeds: noise, an office's traffic, and what happens to them."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator

from portico.watch.anomaly.detector import Detector, Verdict

MONDAY = 1_700_438_400.0
DAY = 86_400.0
Point = tuple[float, float]


def noise(count: int, step: float = 60.0, seed: int = 1, level: float = 100.0) -> list[Point]:
    dice = random.Random(seed)
    return [(MONDAY + index * step, dice.gauss(level, 3.0)) for index in range(count)]


def office(days: int, closed: Iterable[int] = (), step: float = 300.0, seed: int = 1) -> Iterator[Point]:
    """Requests of an office's homepage from a Monday on: few at night, at weekends and on `closed` days."""
    dice, shut = random.Random(seed), set(closed)
    for index in range(int(days * DAY / step)):
        day, hour = divmod(index * step / 3600.0, 24.0)
        sun = max(0.0, math.sin((hour - 7.0) / 12.0 * math.pi))
        busy = 60.0 if day % 7 >= 5 or day in shut else 400.0
        usual = 40.0 + busy * sun
        yield MONDAY + index * step, max(0.0, dice.gauss(usual, 1.0 + 0.03 * usual))


def changed(
    points: Iterable[Point], since: float, until: float, change: Callable[[float], float]
) -> list[Point]:
    """The same points, those of a span of time changed."""
    return [(at, change(value) if since <= at < until else value) for at, value in points]


def verdicts(points: Iterable[Point], detector: Detector | None = None) -> list[Verdict]:
    asked = detector or Detector()
    return [asked.observe(at, value) for at, value in points]


def alerts(points: Iterable[Point], detector: Detector | None = None) -> list[float]:
    """When alerts came."""
    seen = list(points)
    return [at for (at, _), verdict in zip(seen, verdicts(seen, detector), strict=True) if verdict.anomalous]
