"""The first page on a terminal: the three columns side by side where there is room. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from portico.board import words
from portico.board.board import Board
from portico.board.cell import COLUMNS, Cell
from portico.board.mended import Mended
from portico.board.picture import Part
from portico.cli import screen
from portico.ledger.incidents import Incident
from portico.watch.slo import budget
from portico.watch.slo import words as told

WIDE = 96
"""From here on three columns stand side by side."""

_MARKS = {"good": "●", "fair": "▲", "bad": "■", "calm": "○", "none": "-"}
_COLOURS = {"good": screen.GOOD, "fair": screen.FAIR, "bad": screen.BAD, "calm": "blue", "none": screen.CALM}
_BAR = 16
_MOST_MENDED = 4


def render(board: Board, width: int) -> RenderableType:
    columns = [_wide(board, width)] if width >= WIDE else list(_narrow(board))
    below = [*_stack(board), *_promises(board), *_publishes(board), *_mended(board)]
    return Group(*_head(board), *_incidents(board), *columns, *below)


def mark(tone: str) -> Text:
    """The shape tells it without the colour, too."""
    return Text(_MARKS[tone], style=_COLOURS[tone])


def _head(board: Board) -> Iterator[Text]:
    pulse = board.pulse
    address = str(board.seen.state["address"] or "not serving yet")
    yield Text.assemble(
        (" portico ", "bold reverse"), "  ", (address, "bold"), "  ", mark(pulse.tone), f" {pulse.words}"
    )
    for heard in board.seen.age.silent if board.seen.age.begun else ():
        since = "was never heard" if heard.at is None else f"has been silent for {words.span(heard.silent_s)}"
        yield Text(f"▲ the {heard.name} {since}. {heard.means}", style=screen.FAIR)
    yield Text()


def _wide(board: Board, width: int) -> Table:
    table = Table(box=None, show_edge=False, padding=(0, 2, 1, 0), width=width, header_style="bold underline")
    for column in COLUMNS:
        table.add_column(column, ratio=1)
    for row in board.rows:
        table.add_row(*(_cell(cell, board.seen.now) for cell in row))
    return table


def _cell(cell: Cell, now: float) -> Text:
    text = Text.assemble(mark(cell.tone), " ", (cell.promise, "bold"), "\n")
    if cell.value:
        text.append(cell.value, style="bold").append(f" {cell.says}")
    else:
        text.append(cell.says, style=screen.CALM)
    if cell.more:
        text.append(f"\n{cell.more}", style=screen.CALM)
    return text.append(f"\n{_foot(cell, now)}", style=screen.CALM)


def _foot(cell: Cell, now: float) -> str:
    age = "" if cell.at is None else f", {words.span(now - cell.at)} ago"
    return f"{cell.evidence.command}{age}"


def _narrow(board: Board) -> Iterator[Text]:
    for column, cells in zip(COLUMNS, zip(*board.rows, strict=True), strict=True):
        yield Text(column, style="bold underline")
        for cell in cells:
            value = (cell.value, "bold") if cell.value else ("not measured yet", screen.CALM)
            age = "" if cell.at is None else f"{words.span(board.seen.now - cell.at)} ago"
            yield Text.assemble(mark(cell.tone), f" {cell.promise:<21}", value, "  ", (age, screen.CALM))
        yield Text()


def _titled(title: str, lines: Sequence[Text]) -> Iterator[Text]:
    if lines:
        yield Text(title, style="bold underline")
        yield from lines
        yield Text()


def _stack(board: Board) -> Iterator[Text]:
    picture = board.picture
    asked = Text.assemble("visitors ", (words.rate(picture.asked), "bold"), " asked of the edge")
    parts = [_part(one) for one in (picture.edge, *picture.places, picture.source)]
    return _titled("Stack", [asked, *parts])


def _part(part: Part) -> Text:
    text = Text.assemble(mark(part.tone), f" {part.name:<8}", f"{part.state:<10}")
    for name, tone in part.replicas:
        text.append_text(mark(tone)).append(f" {name}  ")
    return text.append(", ".join(part.lines), style=screen.CALM)


def _incidents(board: Board) -> Iterator[Text]:
    return _titled("Open incidents", [_incident(one, board.seen.now) for one in board.incidents])


def _incident(incident: Incident, now: float) -> Text:
    practised = bool(incident.data.get("drill"))
    tone = "calm" if practised else "bad" if incident.severity == "critical" else "fair"
    name = "drill" if practised else str(incident.severity)
    by = incident.acknowledged_by.partition(" (")[0]
    who = (
        f"{by} looks after it"
        if by
        else ""
        if practised
        else f"nobody looks after it: portico ack {incident.id}"
    )
    told_since = f"  for {words.span(now - incident.opened)}  "
    return Text.assemble(mark(tone), f" {name:<9}", (incident.title, "bold"), told_since, (who, screen.CALM))


def _promises(board: Board) -> Iterator[Text]:
    return _titled("Error budgets", [_promise(one) for one in board.promises])


def _promise(state: budget.State) -> Text:
    name = f"{state.objective:<14}"
    if state.total <= 0:
        return Text.assemble(mark("none"), f" {name}", ("nothing was measured yet", screen.CALM))
    tone = "bad" if state.left <= 0 or state.firing == "fast" else "fair" if state.left < 0.25 else "good"
    left = max(0.0, min(1.0, state.left))
    full = round(left * _BAR)
    bar = Text.assemble(("━" * full, _COLOURS[tone]), ("─" * (_BAR - full), screen.CALM))
    measured = f"{words.ratio(state.measured)} of {words.ratio(state.target)}"
    return Text.assemble(
        mark(tone),
        f" {name}",
        bar,
        f" {words.ratio(left, 0):>5} left  ",
        (f"{measured}, {told.forecast(state)}", screen.CALM),
    )


def _publishes(board: Board) -> Iterator[Text]:
    lines = [
        Text.assemble(
            mark("good" if one.now else "none"),
            f" {words.short(one.snapshot)}  ",
            (f"{words.span(board.seen.now - one.at)} ago", screen.CALM),
            (f"  {one.kind} by {one.by}" if one.by else "", screen.CALM),
        )
        for one in board.publishes
    ]
    return _titled("Last publishes", lines)


def _mended(board: Board) -> Iterator[Text]:
    lines = [_one(one, board.seen.now) for one in board.mended[:_MOST_MENDED]]
    return _titled("Not well this month, and what was done", lines)


def _one(mended: Mended, now: float) -> Text:
    over = "" if mended.took is None else f", over in {words.took(mended.took)}"
    when = f"{words.span(now - mended.at)} ago{over}"
    drill = " (drill)" if mended.practice else ""
    return Text.assemble(
        mark(mended.tone), f" {mended.what}{drill}  ", (f"{when}: {mended.did}", screen.CALM)
    )
