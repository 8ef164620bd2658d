"""Charts of measured series in the terminal: one large, a few stacked, or many in a row each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from rich.text import Text

from portico.board.courses import Course
from portico.board.measured import Measure
from portico.cli import axis, plot, screen, words
from portico.cli.measures import said

FEW, MANY = 4, 30
_LARGE, _SMALL = 11, 5
_NARROWEST = 16
_INK = "cyan"


@dataclass(frozen=True, slots=True)
class Frame:
    """What all charts of an answer share: the span of time, of values, and the room there is."""

    start: float
    end: float
    low: float
    high: float
    width: int
    unit: str
    rate: bool

    def told(self, value: float) -> str:
        return said(value, self.unit, rate=self.rate)

    def points(self, course: Course) -> list[list[plot.Point]]:
        """The course's parts within the frame; a step's value stands in the middle of it."""
        ahead = 0.0 if course.chart.sampled else course.chart.step / 2
        wide, high = self.end - self.start, self.high - self.low
        return [
            [((at + ahead - self.start) / wide, (value - self.low) / high) for at, value, _ in part]
            for part in course.parts
        ]


def render(
    measure: Measure, courses: Sequence[Course], span: tuple[float, float], width: int
) -> Iterator[Text]:
    """The whole answer, a line of text at a time."""
    yield from _head(measure, courses[0])
    values = list(chain.from_iterable(course.values for course in courses))
    if not values:
        yield Text("nothing was measured in this time", style=screen.FAIR)
        return
    low, high = axis.scale(min(values), max(values))
    frame = Frame(*span, low, high, width, measure.unit, measure.grows)
    if len(courses) <= FEW:
        yield from _stacked(courses, frame)
    else:
        yield from _listed(courses, frame)


def _head(measure: Measure, course: Course) -> Iterator[Text]:
    steps = "every sample" if course.chart.sampled else f"steps of {words.age(course.chart.step)}"
    what = "per second" if measure.grows else "quantiles" if measure.is_histogram else ""
    yield Text.assemble((measure.name, "bold"), (f"  {', '.join(filter(None, (what, steps)))}", screen.CALM))
    if measure.metric:
        yield Text(measure.metric.help, style=screen.CALM)
    yield Text()


def _stacked(courses: Sequence[Course], frame: Frame) -> Iterator[Text]:
    height = _LARGE if len(courses) == 1 else _SMALL
    for course in courses:
        yield Text.assemble(
            (course.label, "bold"), f"{'  ' if course.label else ''}{_summary(course, frame)}"
        )
        yield from _chart(course, frame, height)
        yield Text()


def _summary(course: Course, frame: Frame) -> str:
    """`least` and `most` are those of single samples; of a rate, those of its steps."""
    if not course.values:
        return "nothing was measured in this time"
    values, rows = course.values, [shown.row for shown in course.rows]
    numbers = {
        "last": values[-1],
        "mean": sum(values) / len(values),
        "least": min(values),
        "most": max(values),
    }
    if not frame.rate:
        numbers |= {"least": min(row.minimum for row in rows), "most": max(row.maximum for row in rows)}
    return "  ".join(f"{name} {frame.told(value)}" for name, value in numbers.items())


def _chart(course: Course, frame: Frame, height: int) -> Iterator[Text]:
    marks = {_row(tick, frame, height): tick for tick in axis.ticks(frame.low, frame.high, height // 2)}
    labels = {row: frame.told(tick) for row, tick in marks.items()}
    left = max(map(len, labels.values()), default=0)
    room = max(_NARROWEST, frame.width - left - 2)
    for row, drawn in enumerate(plot.braille(frame.points(course), room, height)):
        edge = "┤" if row in labels else "│"
        yield Text.assemble((f"{labels.get(row, ''):>{left}} {edge}", screen.CALM), (drawn.rstrip(), _INK))
    yield from _below(frame, left + 1, "└", room)


def _row(value: float, frame: Frame, height: int) -> int:
    return round((frame.high - value) / (frame.high - frame.low) * (height - 1))


def _listed(courses: Sequence[Course], frame: Frame) -> Iterator[Text]:
    """One row for each series: its labels, its course, its last value."""
    shown = courses[:MANY]
    lasts = [frame.told(course.values[-1]) if course.values else "" for course in shown]
    right = max(map(len, lasts))
    left = min(max(len(course.label) for course in shown), frame.width // 3)
    room = max(_NARROWEST, frame.width - left - right - 3)
    for course, last in zip(shown, lasts, strict=True):
        drawn = plot.bars(frame.points(course), room)
        yield Text.assemble(
            f"{fitting(course.label, left):<{left}} ", (f"{drawn} ", _INK), f"{last:>{right}}"
        )
    yield from _below(frame, left, " ", room)
    yield Text(f"all between {frame.told(frame.low)} and {frame.told(frame.high)}", style=screen.CALM)
    if len(courses) > MANY:
        yield Text(
            f"and {words.count(len(courses) - MANY, 'more series', 'more series')}: narrow down with --label"
        )


def _below(frame: Frame, left: int, corner: str, room: int) -> Iterator[Text]:
    ruler, labels = axis.ruler(axis.moments(frame.start, frame.end, room), room)
    yield Text(f"{' ' * left}{corner}{ruler}", style=screen.CALM)
    yield Text(f"{' ' * left} {labels}", style=screen.CALM)


def fitting(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
