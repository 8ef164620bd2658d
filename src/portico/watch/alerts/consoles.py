"""Alerts on the console: operators can look and order, and nobody else tries to."""

from __future__ import annotations

from collections.abc import Iterator

from portico.model import Severity
from portico.watch import signal
from portico.watch.alerts import cases
from portico.watch.alerts.alert import Alert, Trouble
from portico.watch.collect import console
from portico.watch.view import View

DOWN_S = 60.0
"""The keeper has its chance before."""

MANY = 15
"""People mistype; three who are locked out at once don't."""


def _down(view: View) -> Iterator[Trouble]:
    if view.value(console.UP.name) == 0:
        told = "The console doesn't answer: operators have the terminal. Visitors are served as ever."
        yield Trouble(told, data={"part": "console"})


def _guessed_at(view: View) -> Iterator[Trouble]:
    refused = view.value(console.REFUSED.name)
    if refused is not None and refused >= MANY:
        told = f"Somebody guesses at the console: {refused:.0f} tries were refused in a quarter of an hour."
        yield Trouble(told, data={"part": "console"})


ALERTS = (
    Alert(
        "console-down",
        Severity.WARNING,
        "The console doesn't answer, so operators can't look and order there.",
        (console.UP.name,),
        _down,
        fires=cases.steady(signal.of(console.UP.name, 0)),
        quiet=cases.steady(signal.of(console.UP.name, 1)),
        for_s=DOWN_S,
        clear_s=10.0,
    ),
    Alert(
        "console-guessed-at",
        Severity.WARNING,
        "Many tries to sign in at the console were refused: somebody guesses.",
        (console.REFUSED.name,),
        _guessed_at,
        fires=cases.steady(signal.of(console.REFUSED.name, 40)),
        quiet=cases.steady(signal.of(console.REFUSED.name, 2)),
        clear_s=60.0,
    ),
)
