"""Every metric there is, found again; one of them over time, as a picture and as the numbers behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from portico.board import measured, words
from portico.board.courses import Course
from portico.board.measured import Measure
from portico.console import data, lines, span
from portico.console.desk import Desk
from portico.console.page import Page, Told
from portico.watch import signal

TABLE_ROWS = 120
OTHERS = "others"


def look(desk: Desk, request: Request) -> Told:
    if request.query_params.get("metric"):
        return _one(desk, request)
    looked_for = request.query_params.get("q", "").strip()
    every = measured.by_metric(desk.series.names())
    found = [one for one in every if matches(one, looked_for)]
    return {"measure": None, "q": looked_for, "owners": owners(found), "any": bool(every), "many": len(found)}


def matches(measure: Measure, looked_for: str) -> bool:
    """Whether each word stands in its name, its labels or what is said of it. Pure."""
    metric = measure.metric
    about = f"{metric.help} {metric.owner} {' '.join(metric.labels)}" if metric else ""
    text = f"{measure.name} {about}".lower()
    return all(word in text for word in looked_for.lower().split())


@dataclass(frozen=True, slots=True)
class Listed:
    """A metric in the list; `latest` is its least to its most, in words."""

    name: str
    help: str
    kind: str
    series: int
    latest: str
    at: float


def owners(found: Sequence[Measure]) -> list[tuple[str, list[Listed]]]:
    """By the measured part, in the order of their names. Pure."""
    by: dict[str, list[Listed]] = defaultdict(list)
    for measure in found:
        metric = measure.metric
        by[metric.owner if metric else OTHERS].append(
            Listed(
                measure.name,
                metric.help if metric else "",
                str(metric.kind) if metric else "",
                len(measure.series),
                _latest(measure),
                measure.at,
            )
        )
    return sorted(by.items())


def _latest(measure: Measure) -> str:
    if measure.is_histogram:
        return f"+{words.number(sum(one.value for one in measure.part(measured.COUNT).series.values()))}"
    values = [one.value for one in measure.series.values()]
    sign = "+" if measure.grows else ""
    return " to ".join(dict.fromkeys(f"{sign}{amount(v, measure.unit)}" for v in (min(values), max(values))))


def amount(value: float | None, unit: str) -> str:
    """A number by its unit: a metric's own, or a chart's. Pure."""
    match unit:
        case "seconds" | "s":
            return words.took(value) if value is None or value < 3600 else words.span(value)
        case "bytes":
            return words.size(value)
        case "bytes/s":
            return f"{words.size(value)}/s"
        case "ratio":
            return words.ratio(value, 2)
        case "/s":
            return words.rate(value)
        case _:
            return words.number(value)


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of the chart in numbers. `only` is the address that shows it alone."""

    label: str
    last: str
    mean: str
    least: str
    most: str
    only: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A label that the series differ in, its values, and the chosen one."""

    label: str
    values: tuple[str, ...]
    chosen: str


def _one(desk: Desk, request: Request) -> Told:
    query = request.query_params
    asked = span.of(query, desk.now, "1h", zone=desk.zone)
    measure = measured.find(query["metric"], desk.series)
    labels, keys = [one for one in query.getlist("label") if one], query.getlist("key")
    every = data.picked(measure, labels, keys)
    most = data.bounded(measure, every, data.IN_A_FILE)
    found = data.drawn(desk, measure, most, asked, data.POINTS)
    picked = [("metric", measure.name), *(("label", one) for one in labels), *(("key", one) for one in keys)]
    unit = lines.unit(measure)
    return {
        "measure": measure,
        "unit": unit,
        "asked": asked,
        "span_words": span.WORDS,
        "picked": picked,
        "chart": {
            "url": f"{data.PATH}?{urlencode([*picked, *asked.query.items()])}",
            "every_s": 15 if asked.word else 86_400,
        },
        "fixed": f"/metrics?{urlencode([*picked, *asked.fixed.items()])}",
        "file": f"{data.PATH}?{urlencode([*picked, *asked.fixed.items(), ('as', 'csv')])}",
        "choices": choices(measure, labels),
        "alone": bool(keys),
        "summaries": summaries(measure, found, asked),
        "left_out": max(0, len(found) + len(every) - len(most) - lines.MOST),
        "step": max((course.chart.step for course in found), default=0.0),
        "sampled": all(course.chart.sampled for course in found),
        "table": table(found[: lines.MOST], unit),
    }


def choices(measure: Measure, labels: Sequence[str]) -> list[Choice]:
    """Pure. A histogram's buckets are no choice."""
    chosen = dict(one.partition("=")[::2] for one in labels)
    values: dict[str, dict[str, None]] = defaultdict(dict)
    for key in measure.series:
        for name, value in signal.parse(key)[1]:
            if name != "le":
                values[name][value] = None
    return [
        Choice(name, tuple(sorted(found)), chosen.get(name, ""))
        for name, found in values.items()
        if len(found) > 1 or name in chosen
    ]


def summaries(measure: Measure, found: Sequence[Course], asked: span.Span) -> list[Summary]:
    """Of each line its last, mean, least and most number. Pure."""
    unit, told = lines.unit(measure), []
    for course, label in zip(found, lines.labels(found), strict=True):
        values = course.values
        least, most = (min(values), max(values)) if values else (None, None)
        if values and not measure.grows and not measure.is_histogram:
            least = min(shown.row.minimum for shown in course.rows)
            most = max(shown.row.maximum for shown in course.rows)
        only = asked.address("/metrics", metric=measure.name, key=course.key)
        told.append(
            Summary(
                label,
                amount(values[-1] if values else None, unit),
                amount(sum(values) / len(values) if values else None, unit),
                amount(least, unit),
                amount(most, unit),
                "" if measure.is_histogram or len(found) == 1 else only,
            )
        )
    return told


def table(found: Sequence[Course], unit: str) -> dict[str, Any]:
    """The newest rows of all lines beside each other. Pure."""
    rows: dict[float, dict[int, float]] = defaultdict(dict)
    for place, course in enumerate(found):
        for at, value, _ in course.rows:
            rows[round(at, 1)][place] = value
    newest = sorted(rows, reverse=True)[:TABLE_ROWS]
    return {
        "heads": lines.labels(found),
        "rows": [(at, [amount(rows[at].get(place), unit) for place in range(len(found))]) for at in newest],
        "more": max(0, len(rows) - TABLE_ROWS),
    }


PAGES = (
    Page(
        "metrics",
        "/metrics",
        "Metrics",
        "metrics/page.html",
        look,
        live=("metric-now",),
        every_s=15.0,
        menu="Metrics",
    ),
)
