"""Alerts on Portico itself: the keeper, publishing, and what the watcher can't see."""

from __future__ import annotations

from collections.abc import Iterator

from portico.model import Severity
from portico.watch import signal
from portico.watch.alerts import cases
from portico.watch.alerts.alert import Alert, Case, Trouble
from portico.watch.collect import publishing, table
from portico.watch.view import View

SILENT_S = 5.0
"""The keeper shows itself twice a second."""

BLIND_S = 60.0
LONG_S = 120.0


def _keeper_down(view: View) -> Iterator[Trouble]:
    age = view.facts.get("status_age_s")
    if age is not None and age > SILENT_S:
        told = f"The keeper was last seen {age:.0f} s ago: nobody heals, nobody carries out orders."
        yield Trouble(told, data={"part": "keeper"})


def _blind(view: View) -> Iterator[Trouble]:
    for labels, up in view.each(table.UP.name):
        part = labels["collector"]
        if not up:
            why = view.facts.get("collectors", {}).get(part, "")
            told = f"The numbers of the part {part} can't be had{f': {why}' if why else ''}."
            yield Trouble(told, part, data={"part": "watcher"})


def _publish_slow(view: View) -> Iterator[Trouble]:
    waited = view.value(publishing.WAITED.name)
    if waited is not None and waited > LONG_S:
        told = f"A publish or rollback was ordered {waited:.0f} s ago and isn't at its end."
        yield Trouble(told, data={"part": "publishing"})


def _collected(up: float) -> Case:
    return cases.steady(
        signal.of(table.UP.name, up, collector="edge"), signal.of(table.UP.name, 1, collector="host")
    )


ALERTS = (
    Alert(
        "keeper-down",
        Severity.CRITICAL,
        "The keeper doesn't run, or hangs: nobody heals, nobody carries out orders.",
        rule=_keeper_down,
        fires=Case(facts={"status_age_s": 12.0}),
        quiet=Case(facts={"status_age_s": 0.4}),
    ),
    Alert(
        "watch-blind",
        Severity.WARNING,
        "A part's numbers could not be had for a minute, so nothing is seen there.",
        (table.UP.name,),
        _blind,
        fires=_collected(0),
        quiet=_collected(1),
        for_s=BLIND_S,
        clear_s=15.0,
    ),
    Alert(
        "publish-slow",
        Severity.WARNING,
        "What was ordered to be published doesn't get to its end.",
        (publishing.WAITED.name,),
        _publish_slow,
        fires=cases.steady(signal.of(publishing.WAITED.name, 300)),
        quiet=cases.steady(signal.of(publishing.WAITED.name, 3)),
    ),
)
