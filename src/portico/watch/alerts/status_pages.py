"""Alerts on the public status page."""

from __future__ import annotations

from collections.abc import Iterator

from portico.model import Severity
from portico.watch import signal
from portico.watch.alerts import cases
from portico.watch.alerts.alert import Alert, Trouble
from portico.watch.collect.status_page import AGE
from portico.watch.view import View

OLD_S = 240.0
"""Before the page says so itself, which is after five minutes unless the settings say otherwise."""


def _old(view: View) -> Iterator[Trouble]:
    age = view.value(AGE.name)
    if age is not None and age > OLD_S:
        told = f"The status page was made {age:.0f} s ago, not a minute ago: it tells visitors the past."
        yield Trouble(told, data={"part": "status page"})


ALERTS = (
    Alert(
        "status-page-old",
        Severity.WARNING,
        "The public status page isn't renewed.",
        (AGE.name,),
        _old,
        fires=cases.steady(signal.of(AGE.name, 600)),
        quiet=cases.steady(signal.of(AGE.name, 40)),
    ),
)
