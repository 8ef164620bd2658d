"""Drills' reports as a table for people."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table

from portico.recover.report import Report, Result

_STYLE = {Result.PASSED: "green", Result.FAILED: "bold red", Result.VOID: "yellow"}
_COLUMNS = ("sent", "failed", "cut", "retried", "p99", "slowest", "eject", "heal")


def render(reports: Iterable[Report]) -> Table:
    """One line a drill; a dash stands for what didn't come about."""
    table = Table(box=None, pad_edge=False)
    table.add_column("drill")
    for column in _COLUMNS:
        table.add_column(column, justify="right")
    table.add_column("result")
    for report in reports:
        table.add_row(report.drill, *_numbers(report), _result(report))
    return table


def _numbers(report: Report) -> tuple[str, ...]:
    played = report.played
    return (
        str(played.sent),
        str(sum(report.failed.values())),
        str(report.cut),
        str(played.retried),
        f"{played.p99:.1f} ms",
        f"{played.slowest:.0f} ms",
        _seconds(report.eject_s),
        _seconds(report.heal_s),
    )


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f} s"


def _result(report: Report) -> str:
    said = f"[{_STYLE[report.result]}]{report.result}[/]"
    return f"{said}: {report.why}" if report.why else said
