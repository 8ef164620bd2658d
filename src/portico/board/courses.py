"""How a metric went over time, as it is shown: values, rates of counters, quantiles of histograms."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from portico.board import measured
from portico.board.measured import Measure
from portico.watch import signal
from portico.watch.series import quantiles
from portico.watch.series.chart import Chart, Row

Ask = Callable[[str], Chart]
"""A series' key to its chart."""


class Shown(NamedTuple):
    """A row and the number that is shown for it."""

    at: float
    value: float
    row: Row


@dataclass(frozen=True, slots=True)
class Course:
    """One line of an answer, in parts where there are gaps in time."""

    key: str
    labels: dict[str, str]
    chart: Chart
    parts: Sequence[Sequence[Shown]]

    @property
    def label(self) -> str:
        return " ".join(f"{name}={value}" for name, value in self.labels.items())

    @property
    def rows(self) -> list[Shown]:
        return [shown for part in self.parts for shown in part]

    @property
    def values(self) -> list[float]:
        return [shown.value for shown in self.rows]


def keys(measure: Measure, labels: Sequence[str]) -> list[str]:
    """The series with these labels that `of` draws; of a histogram its buckets."""
    return measured.labelled(measure.part(measured.BUCKET) if measure.is_histogram else measure, labels)


def of(measure: Measure, keys: Sequence[str], ask: Ask) -> list[Course]:
    """One for each of these series; of a histogram its quantiles over all of them."""
    if measure.is_histogram:
        return _quantiles(measure, keys, ask)
    return [_course(measure, key, ask(key)) for key in keys]


def _quantiles(measure: Measure, keys: Sequence[str], ask: Ask) -> list[Course]:
    found = quantiles.charts((dict(signal.parse(key)[1])["le"], ask(key)) for key in keys)
    return [_drawn(measure, measure.name, {"quantile": name}, chart) for name, chart in found]


def _course(measure: Measure, key: str, chart: Chart) -> Course:
    return _drawn(measure, key, dict(signal.parse(key)[1]), chart)


def _drawn(measure: Measure, key: str, labels: dict[str, str], chart: Chart) -> Course:
    told = _rates(chart) if measure.grows else _means
    parts = [
        [Shown(row.at, value, row) for row in part if (value := told(row)) is not None]
        for part in chart.lines()
    ]
    return Course(key, labels, chart, [part for part in parts if part])


def _means(row: Row) -> float | None:
    return row.mean


def _rates(chart: Chart) -> Callable[[Row], float | None]:
    """How much a counter grew per second in a row.

    The first and the last step are cut by the time that was asked for. How long they are is told by their
    number of samples; those with less than half of the usual number tell nothing.
    """

    def rate(row: Row) -> float | None:
        if chart.sampled or row in whole:
            return row.sum / chart.step
        if not usual:
            return row.sum / (min(row.at + chart.step, chart.end) - max(row.at, chart.start))
        return row.mean * usual / chart.step if row.count >= usual / 2 else None

    whole = {row for row in chart.rows if chart.start <= row.at and row.at + chart.step <= chart.end}
    usual = statistics.median(row.count for row in whole) if whole else 0.0
    return rate
