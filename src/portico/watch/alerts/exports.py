"""Alerts on the ways out: numbers that don't arrive at a company's other tools. Our own watching goes on."""

from __future__ import annotations

from collections.abc import Iterator

from portico.model import Severity
from portico.watch import signal
from portico.watch.alerts import cases
from portico.watch.alerts.alert import Alert, Trouble
from portico.watch.export import exporter
from portico.watch.view import View

PART = {"part": "watcher"}
SILENT_S = 300.0
LOSING_S = 300.0


def _silent(view: View) -> Iterator[Trouble]:
    for labels, failing_s in view.each(exporter.FAILING.name):
        if failing_s > SILENT_S:
            place = labels["destination"]
            why = _of(view, place, "trouble")
            told = f"Nothing has arrived at {place} for {failing_s / 60:.0f} min{why}. Our own alerts go on."
            yield Trouble(told, place, data={**PART, "destination": place})


def _losing(view: View) -> Iterator[Trouble]:
    for place in sorted({labels["destination"] for labels, _ in view.each(exporter.LOST.name)}):
        lost = {
            why: view.total(exporter.LOST.name, LOSING_S, destination=place, why=why)
            for why in ("refused", "dropped")
        }
        if any(lost.values()):
            said = f"refused {lost['refused']:.0f}{_of(view, place, 'loss')}, dropped {lost['dropped']:.0f}"
            told = f"Numbers for {place} were lost in the last {LOSING_S / 60:.0f} min: {said}."
            yield Trouble(told, place, data={**PART, "destination": place})


def _of(view: View, destination: str, what: str) -> str:
    """The reason that the exporter gives, in brackets."""
    found = (one for one in view.facts.get("exports", ()) if one.destination == destination)
    told = next((getattr(one, what) for one in found), "")
    return f" ({told})" if told else ""


ALERTS = (
    Alert(
        "export-silent",
        Severity.WARNING,
        "Nothing arrives at a tool that numbers are sent to; it knows nothing of us.",
        (exporter.FAILING.name,),
        _silent,
        fires=cases.steady(signal.of(exporter.FAILING.name, 900, destination="prometheus")),
        quiet=cases.steady(signal.of(exporter.FAILING.name, 30, destination="prometheus")),
    ),
    Alert(
        "export-losing",
        Severity.WARNING,
        "A tool that numbers are sent to refuses some, or was away for so long that some were dropped.",
        (exporter.LOST.name,),
        _losing,
        fires=cases.steady(
            signal.of(exporter.LOST.name, 40, destination="prometheus", why="refused"),
            signal.of(exporter.LOST.name, 0, destination="prometheus", why="dropped"),
        ),
        quiet=cases.steady(
            signal.of(exporter.LOST.name, 0, destination="prometheus", why="refused"),
            signal.of(exporter.LOST.name, 0, destination="prometheus", why="dropped"),
        ),
        clear_s=30.0,
    ),
)
