"""Courses of a metric as the chart in the browser takes them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from portico.board.courses import Course, Shown
from portico.board.measured import Measure

MOST = 12
"""So many lines a chart can show and be read."""

_UNITS = {"seconds": "s", "bytes": "bytes", "ratio": "ratio"}
_RATES = {"seconds": "ratio", "bytes": "bytes/s"}
"""Seconds of work in a second are a share of it."""


def unit(measure: Measure) -> str:
    """As static/js/chart.js and `amount` know it."""
    if measure.grows:
        return _RATES.get(measure.unit, "/s")
    return _UNITS.get(measure.unit, measure.unit)


def told(measure: Measure, courses: Sequence[Course], span: tuple[float, float]) -> dict[str, Any]:
    """The JSON document. Series beyond MOST are left out, and counted."""
    shown = courses[:MOST]
    return {
        "name": measure.name,
        "unit": unit(measure),
        "from": round(span[0], 1),
        "to": round(span[1], 1),
        "step": max((course.chart.step for course in shown), default=0.0),
        "series": [_line(course, label) for course, label in zip(shown, labels(shown), strict=True)],
        "left_out": len(courses) - len(shown),
    }


def labels(courses: Sequence[Course]) -> list[str]:
    """What tells each course from the others: the labels in which they differ."""
    names = list(dict.fromkeys(name for course in courses for name in course.labels))
    differing = [name for name in names if len({course.labels.get(name) for course in courses}) > 1]
    if not differing:
        return [_all(course) for course in courses]
    return [
        " ".join(course.labels.get(name) or f"no {name}" for name in differing) or _all(course)
        for course in courses
    ]


def _all(course: Course) -> str:
    return " ".join(value for value in course.labels.values() if value) or course.key


def _line(course: Course, label: str) -> dict[str, Any]:
    points = list(_points(course))
    return {
        "label": label,
        "key": course.key,
        "at": [at for at, _ in points],
        "value": [value for _, value in points],
    }


def _points(course: Course) -> Iterator[tuple[float, float | None]]:
    """A gap in time is a point without a value, so that no line is drawn across it."""
    for number, part in enumerate(course.parts):
        if number:
            yield round(_end(course.parts[number - 1]) + course.chart.apart, 1), None
        for at, value, _ in part:
            yield round(at, 1), float(f"{value:.6g}")


def _end(part: Sequence[Shown]) -> float:
    return part[-1].at
