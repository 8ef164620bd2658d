"""How many points a second the detectors take, and how large their state is."""

from __future__ import annotations

import math
import random
import time

from rich.table import Table

from portico.watch.anomaly.detector import Detector

SERIES = 20
DAYS = 3
STEP_S = 5.0


def table() -> Table:
    """Series with a day's season, noise and some spikes, at the watcher's own step."""
    shown = Table(title=f"detectors, {SERIES} series of {DAYS} days each {STEP_S:g} s, one core")
    for column in ("points", "points/s", "state, median", "state, largest"):
        shown.add_column(column, justify="right")
    points = int(DAYS * 86400 / STEP_S)
    detectors = [Detector() for _ in range(SERIES)]
    spent = sum(
        _seconds(detector, points, random.Random(number)) for number, detector in enumerate(detectors)
    )
    sizes = sorted(len(detector.dump()) for detector in detectors)
    shown.add_row(
        f"{points * SERIES:,}",
        f"{points * SERIES / spent:,.0f}",
        f"{sizes[SERIES // 2] / 1000:.1f} kB",
        f"{sizes[-1] / 1000:.1f} kB",
    )
    return shown


def _seconds(detector: Detector, points: int, dice: random.Random) -> float:
    values = [_value(number * STEP_S, dice) for number in range(points)]
    began = time.process_time()
    for number, value in enumerate(values):
        detector.observe(number * STEP_S, value)
    return time.process_time() - began


def _value(at: float, dice: random.Random) -> float:
    season = 100 + 60 * math.sin(at / 86400 * 2 * math.pi)
    return season + dice.gauss(0, 5) + (300 if dice.random() < 1e-4 else 0)
