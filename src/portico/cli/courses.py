"""How a metric went over time, as it is shown: values, rates of counters, quantiles of histograms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from portico.cli import measured, quantiles
from portico.cli.measured import Measure
from portico.watch import signal
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


def of(measure: Measure, labels: Sequence[str], ask: Ask) -> list[Course]:
    """All that have these labels; of a histogram its quantiles over all such series."""
    if measure.is_histogram:
        return _quantiles(measure, labels, ask)
    return [_course(measure, key, ask(key)) for key in measured.labelled(measure, labels)]


def _quantiles(measure: Measure, labels: Sequence[str], ask: Ask) -> list[Course]:
    keys = measured.labelled(measure.part(measured.BUCKET), labels)
    found = quantiles.charts((dict(signal.parse(key)[1])["le"], ask(key)) for key in keys)
    return [_drawn(measure, measure.name, {"quantile": name}, chart) for name, chart in found]


def _course(measure: Measure, key: str, chart: Chart) -> Course:
    return _drawn(measure, key, dict(signal.parse(key)[1]), chart)


def _drawn(measure: Measure, key: str, labels: dict[str, str], chart: Chart) -> Course:
    parts = [
        [Shown(row.at, value, row) for row in part if (value := _value(measure, chart, row)) is not None]
        for part in chart.lines()
    ]
    return Course(key, labels, chart, [part for part in parts if part])


def _value(measure: Measure, chart: Chart, row: Row) -> float | None:
    """A gauge's mean; a counter's increase per second, None where less than half of a step was measured."""
    if not measure.grows:
        return row.mean
    if chart.sampled:
        return row.sum / chart.step
    seconds = min(row.at + chart.step, chart.end) - max(row.at, chart.start)
    return row.sum / seconds if seconds >= chart.step / 2 else None
