"""Numbers for charts, and for whoever wants them in a file: `/data/series`, behind the pages' own gate."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from portico.board import courses, measured
from portico.board.courses import Course
from portico.board.measured import Measure
from portico.console import lines, span
from portico.console.desk import Desk
from portico.console.gate import Gate
from portico.kit.errors import PorticoError

PATH = "/data/series"
POINTS, MOST_POINTS = 300, 2000
IN_A_FILE = 200
"""So many series a file, or the table of a page, has; labels choose among more."""
LONGEST = len(str(MOST_POINTS))
_KEPT = {"cache-control": "no-store"}


def routes(desk: Desk, gate: Gate) -> list[Route]:
    def answer(request: Request) -> Response:
        if not gate.who(request):
            return JSONResponse({"error": "sign in first"}, 401, headers=_KEPT)
        try:
            return _answer(desk, request)
        except PorticoError as error:
            return JSONResponse({"error": str(error)}, 400, headers=_KEPT)

    return [Route(PATH, answer, methods=["GET"], name="data-series")]


def _answer(desk: Desk, request: Request) -> Response:
    query = request.query_params
    asked = span.of(query, desk.now, "1h", zone=desk.zone)
    try:
        measure = measured.find(query.get("metric", ""), desk.series)
    except measured.NothingKeptError:  # known, and nothing kept of it yet
        return JSONResponse({"series": [], "from": asked.start, "to": asked.end}, headers=_KEPT)
    as_file = query.get("as") == "csv"
    keys = picked(measure, query.getlist("label"), query.getlist("key"))
    most = bounded(measure, keys, IN_A_FILE if as_file else lines.MOST)
    if as_file and len(most) < len(keys):
        raise PorticoError(f"expected at most {IN_A_FILE} series, got {len(keys)}", hint="choose a label")
    found = drawn(desk, measure, most, asked, points(query.get("points")))
    if as_file:
        return _file(measure, found)
    told = lines.told(measure, found, (asked.start, asked.end))
    return JSONResponse({**told, "left_out": told["left_out"] + len(keys) - len(most)}, headers=_KEPT)


def picked(measure: Measure, labels: Sequence[str], keys: Sequence[str]) -> list[str]:
    """The series with these labels; of these very ones, where `keys` names any. Raises NotMeasuredError."""
    found = courses.keys(measure, labels)
    return [key for key in found if key in keys] if keys and not measure.is_histogram else found


def bounded(measure: Measure, keys: Sequence[str], most: int) -> Sequence[str]:
    """The first ones, before any is read. Of a histogram all: its few lines are made of every bucket."""
    return keys if measure.is_histogram else keys[:most]


def drawn(desk: Desk, measure: Measure, keys: Sequence[str], asked: span.Span, most: int) -> list[Course]:
    charts = desk.series.queries(keys, asked.start, asked.end, most)
    return courses.of(measure, keys, charts.__getitem__)


def points(text: str | None) -> int:
    """How many rows about. Raises PorticoError."""
    if not text:
        return POINTS
    if not text.isdecimal() or len(text) > LONGEST or not 2 <= int(text) <= MOST_POINTS:
        raise PorticoError(f"expected points to be a whole number from 2 to {MOST_POINTS}, got {text!r}")
    return int(text)


def _file(measure: Measure, found: Sequence[Course]) -> Response:
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(["time", "series", "value", "samples", "least", "most"])
    for course in found:
        for at, value, row in course.rows:
            moment = datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
            out.writerow([moment, course.key, value, int(row.count), row.minimum, row.maximum])
    named = {"content-disposition": f'attachment; filename="{measure.name}.csv"'}
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers={**_KEPT, **named})
