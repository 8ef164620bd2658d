"""Alerts on the way from editors to visitors: they can write, and what they publish goes live."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from portico.model import Severity
from portico.watch import signal
from portico.watch.alerts import cases
from portico.watch.alerts.alert import Alert, Trouble
from portico.watch.collect import studio
from portico.watch.metric import Metric
from portico.watch.view import View

DOWN_S = 60.0
"""Its start takes some seconds, and a migration more."""

SILENT_S = 30.0
BEHIND_S = 60.0


def _down(view: View) -> Iterator[Trouble]:
    if view.value(studio.UP.name) == 0:
        told = "The studio doesn't answer: editors can't write. Visitors are served as ever."
        yield Trouble(told, data={"part": "studio"})


def _longer(metric: Metric, most_s: float, sentence: str, part: str) -> Callable[[View], Iterator[Trouble]]:
    def rule(view: View) -> Iterator[Trouble]:
        seconds = view.value(metric.name)
        if seconds is not None and seconds > most_s:
            yield Trouble(sentence.format(seconds), data={"part": part})

    return rule


ALERTS = (
    Alert(
        "studio-down",
        Severity.WARNING,
        "The studio doesn't answer, so editors can't write.",
        (studio.UP.name,),
        _down,
        fires=cases.steady(signal.of(studio.UP.name, 0)),
        quiet=cases.steady(signal.of(studio.UP.name, 1)),
        for_s=DOWN_S,
        clear_s=10.0,
    ),
    Alert(
        "freezer-stuck",
        Severity.WARNING,
        "The freezer shows no life, so what editors publish doesn't go live.",
        (studio.SILENT.name,),
        _longer(
            studio.SILENT,
            SILENT_S,
            "The freezer has shown no life for {:.0f} s: what editors publish doesn't go live.",
            "freezer",
        ),
        fires=cases.steady(signal.of(studio.SILENT.name, 90)),
        quiet=cases.steady(signal.of(studio.SILENT.name, 1)),
        clear_s=10.0,
    ),
    Alert(
        "edits-not-live",
        Severity.WARNING,
        "What an editor published is not live after a minute.",
        (studio.BEHIND.name,),
        _longer(
            studio.BEHIND,
            BEHIND_S,
            "What an editor published {:.0f} s ago is not live: portico studio status says why.",
            "studio",
        ),
        fires=cases.steady(signal.of(studio.BEHIND.name, 300)),
        quiet=cases.steady(signal.of(studio.BEHIND.name, 0)),
        clear_s=10.0,
    ),
)
