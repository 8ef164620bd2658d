"""`portico metrics list`, `query` and `rules`: what was measured, now and over time, and rules about it."""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from portico.board import courses, measured
from portico.board.courses import Course
from portico.board.measured import Measure
from portico.cli import charting, flags, names, place, screen, words
from portico.cli.measures import said
from portico.cli.told import UsageError
from portico.watch import signal
from portico.watch.export.rules import document
from portico.watch.series.read import Reader

app = typer.Typer(add_completion=False, no_args_is_help=True)

POINTS = 300
_MOST_POINTS = 20_000
_HEADS = ("metric", "series", "latest", "age")
_ROOM = 20
"""A description is shown where so many characters are left for it."""


@app.callback()
def metrics() -> None:
    """Show what is measured, now and over time.

    For example:
      portico metrics list
      portico metrics query portico_edge_requests_total --since 6h
    """


@app.command("list")
def list_(
    ctx: typer.Context,
    prefix: Annotated[
        str,
        typer.Argument(
            metavar="[PREFIX]",
            show_default=False,
            help="Only metrics whose names start so; `portico_` may be left out.",
            autocompletion=names.complete_metric,
        ),
    ] = "",
    *,
    as_json: flags.Json = False,
) -> None:
    """List the metrics that are kept, with their latest values.

    A counter's value is how much it grew in its last step; several series are told by their least and most.

    For example:
      portico metrics list
      portico metrics list edge_
      portico metrics list --json | jq -r '.[].name'
    """
    reader = _reader(ctx)
    found = measured.by_metric(reader.names(prefix)) or measured.by_metric(reader.names(f"portico_{prefix}"))
    if as_json:
        screen.dump([_listed(measure) for measure in found])
        return
    if found:
        _show(found)
    elif reader.names():
        raise UsageError(f"no metric starts with {prefix!r}", hint="portico metrics list")
    else:
        screen.say("nothing was measured yet: the watcher writes its first numbers in seconds")


def _show(found: Sequence[Measure]) -> None:
    """Columns as wide as they must be; descriptions are cut to the room that is left."""
    now = time.time()
    rows = [(one.name, f"{len(one.series):,}", _latest(one), words.age(now - one.at)) for one in found]
    widths = [max(map(len, column)) for column in zip(_HEADS, *rows, strict=True)]
    room = screen.out().width - sum(widths) - 2 * len(widths)
    for one, row in zip((None, *found), (_HEADS, *rows), strict=True):
        name, *numbers = row
        cells = [f"{name:<{widths[0]}}", *map(str.rjust, numbers, widths[1:])]
        if one and one.metric and room >= _ROOM:
            cells.append(charting.fitting(one.metric.help, room))
        screen.say("  ".join(cells), "" if one else screen.CALM)


def _latest(measure: Measure) -> str:
    if measure.is_histogram:
        counts = measure.part(measured.COUNT).series.values()
        return f"+{said(sum(known.value for known in counts), '')}"
    values = [known.value for known in measure.series.values()]
    sign = "+" if measure.grows else ""
    told = dict.fromkeys(f"{sign}{said(value, measure.unit)}" for value in (min(values), max(values)))
    return " to ".join(told)


def _listed(measure: Measure) -> dict[str, Any]:
    declared = measure.metric
    return {
        "name": measure.name,
        "kind": str(declared.kind) if declared else None,
        "unit": measure.unit,
        "help": declared.help if declared else "",
        "owner": declared.owner if declared else None,
        "series": [
            {
                "key": known.key,
                "labels": dict(signal.parse(known.key)[1]),
                "at": known.at,
                "value": known.value,
            }
            for known in measure.series.values()
        ],
    }


@app.command()
def query(  # noqa: PLR0913 - one for each option
    ctx: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help='A metric, or one of its series: `NAME{cluster="a"}`.',
            autocompletion=names.complete_metric,
        ),
    ],
    *,
    since: Annotated[
        str, typer.Option(metavar="WHEN", help="From there on: 10m, 6h, 30d or 2026-11-23T04:00.")
    ] = "1h",
    until: Annotated[
        str | None, typer.Option(metavar="WHEN", help="Up to there: 2h ago is 2h; now if not given.")
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="Only series with this label; may be repeated."),
    ] = None,
    step: Annotated[
        str | None, typer.Option(metavar="TIME", help="One value for each so long: 1m, 1h. At least.")
    ] = None,
    as_json: flags.Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV, for spreadsheets.")] = False,
) -> None:
    """Draw a metric over time.

    A counter is shown as its growth per second; other metrics as their mean in each step, `least` and `most`
    being those of single samples. Three days are kept sample by sample, then minutes, then hours.

    For example:
      portico metrics query portico_edge_requests_total --since 6h
      portico metrics query portico_process_resident_memory_bytes --label part=keeper --since 30d
      portico metrics query portico_edge_requests_total --since 1d --step 1h --csv
    """
    if as_json and as_csv:
        raise UsageError("expected either --json or --csv", hint="--csv")
    reader = _reader(ctx)
    start, end = _span(since, until)
    measure = measured.find(name, reader)
    points = _points(step, end - start)
    charts = reader.queries(courses.keys(measure, label or []), start, end, points)
    found = courses.of(measure, list(charts), charts.__getitem__)
    if as_json:
        screen.dump(_document(measure, found, start, end))
    elif as_csv:
        _write_csv(found)
    else:
        for text in charting.render(measure, found, (start, end), screen.out().width):
            screen.out().print(text, soft_wrap=True)
    for trouble in reader.troubles():
        screen.remark(trouble, screen.FAIR)


@app.command()
def rules(ctx: typer.Context, *, as_json: flags.Json = False) -> None:
    """Print the alerts as rules for Prometheus, and the promises as recording rules.

    Each alert that follows from numbers alone is there, with the same thresholds; those that don't are named
    at the top. What is promised comes from portico.toml, so print them anew after a change of [slo].

    For example:
      portico metrics rules > portico.rules.yml
      promtool check rules portico.rules.yml
      portico metrics rules --json | jq -r '.groups[].rules[].alert // empty'
    """
    settings = place.config(ctx).settings
    if as_json:
        screen.dump(document.document(settings))
        return
    sys.stdout.write(document.as_yaml(settings))


def _span(since: str, until: str | None) -> tuple[float, float]:
    now = time.time()
    end = words.since(until, now) if until else now
    start = words.since(since, now)
    if start >= end:
        raise UsageError(
            f"expected --since to lie before --until, got {since!r} and {until or 'now'!r}",
            hint="--since 2d --until 1d",
        )
    return start, end


def _points(step: str | None, seconds: float) -> int:
    if step is None:
        return POINTS
    each = _length(step)
    if not 0 < each <= seconds:
        raise UsageError(
            f"expected a time span shorter than what is asked for, got {step!r}",
            where="--step",
            hint="--step 5m",
        )
    return min(_MOST_POINTS, max(1, int(seconds / each)))


def _length(span: str) -> float:
    try:
        return -words.since(span, 0.0)
    except UsageError:
        return 0.0


def _document(measure: Measure, found: Sequence[Course], start: float, end: float) -> dict[str, Any]:
    return {
        "name": measure.name,
        "unit": measure.unit,
        "per_second": measure.grows,
        "since": start,
        "until": end,
        "series": [
            {
                "key": course.key,
                "labels": course.labels,
                "step": course.chart.step,
                "rows": [
                    {"at": at, "value": value, "count": row.count, "least": row.minimum, "most": row.maximum}
                    for at, value, row in course.rows
                ],
            }
            for course in found
        ],
    }


def _write_csv(found: Sequence[Course]) -> None:
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["time", "series", "labels", "value", "samples", "least", "most"])
    for course in found:
        for at, value, row in course.rows:
            out.writerow(
                [words.iso(at), course.key, course.label, value, int(row.count), row.minimum, row.maximum]
            )


def _reader(ctx: typer.Context) -> Reader:
    place.ledger(ctx)
    return Reader(place.config(ctx).home.series)
