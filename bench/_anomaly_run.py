"""The detector on every series, and what its scores are worth at each threshold."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import _anomaly_score as score
from _anomaly_data import Series
from portico.watch.anomaly.detector import THRESHOLD, Detector

SPLITS = 80
GRID = sorted({THRESHOLD, *(1.0 / (1.0 + 2.0 ** (-step / 8)) for step in range(-24, 57))})
SHIPPED = GRID.index(THRESHOLD)


@dataclass(frozen=True, slots=True)
class Scores:
    """The points of one series whose score isn't negligible, and the size of the detector's state."""

    series: Series
    points: list[tuple[int, float]]
    state: int

    def flagged(self, threshold: float) -> list[int]:
        return [index for index, value in self.points if value >= threshold]


@dataclass(frozen=True, slots=True)
class Run:
    scores: list[Scores]
    points_per_second: float

    @property
    def largest_state(self) -> int:
        return max(each.state for each in self.scores)


def run(corpus: list[Series]) -> Run:
    started = time.process_time()
    scores = [_scores(series) for series in corpus]
    seconds = time.process_time() - started
    return Run(scores, sum(map(len, corpus)) / seconds)


def _scores(series: Series) -> Scores:
    detector = Detector()
    observe = detector.observe
    judged = (observe(at, value).score for at, value in zip(series.times, series.values, strict=True))
    points = [(index, value) for index, value in enumerate(judged) if value >= GRID[0]]
    return Scores(series, points, len(detector.dump()))


Worth = Callable[[Sequence[int], int], float]
"""What some series, by number, are worth at a threshold of the grid."""


def nab_worth(scores: list[Scores], profile: score.Profile) -> Worth:
    table = [
        [score.nab_sum(each.series, each.flagged(threshold), profile) for threshold in GRID]
        for each in scores
    ]
    windows = [len(each.series.windows) for each in scores]

    def worth(chosen: Sequence[int], at: int) -> float:
        sums = [table[number][at] for number in chosen]
        return score.nab_score(sums, sum(windows[number] for number in chosen), profile)

    return worth


def kpi_counts(scores: list[Scores]) -> list[list[score.Counts]]:
    """For each threshold of the grid, each curve's counts."""
    return [[score.kpi_counts(each.series, each.flagged(threshold)) for each in scores] for threshold in GRID]


def total(counts: list[score.Counts], chosen: Sequence[int]) -> score.Counts:
    return sum((counts[number] for number in chosen), score.Counts())


def best(worth: Worth, chosen: Sequence[int]) -> int:
    return max(range(len(GRID)), key=lambda at: worth(chosen, at))


def cross_validated(worth: Worth, count: int) -> float:
    """The mean worth of halves at the threshold that is best for the other half."""
    dice, numbers, worths = random.Random(1), list(range(count)), []
    for _ in range(SPLITS):
        dice.shuffle(numbers)
        half, other = numbers[: count // 2], numbers[count // 2 :]
        worths += [worth(other, best(worth, half)), worth(half, best(worth, other))]
    return sum(worths) / len(worths)


def at_false_alerts(counts: list[list[score.Counts]], a_week: float) -> score.Counts:
    """All curves at the lowest threshold with no more false alerts a week than this."""
    sums = [total(each, range(len(each))) for each in counts]
    return next((each for each in sums if each.false_alerts_a_week <= a_week), sums[-1])
