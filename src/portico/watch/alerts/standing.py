"""Each alert as it stands: what fires of it, and whether a drill ever proved that it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portico.ledger.ledger import Ledger
from portico.model import Event, Finding
from portico.watch.alerts import table
from portico.watch.alerts.alert import Alert

DRILLED = "drill.alert"
"""The event in which a drill says how far an alert came."""


@dataclass(frozen=True, slots=True)
class Standing:
    """`firing` are its open findings with the time since when, `drilled` is its last drill."""

    alert: Alert
    firing: tuple[tuple[Finding, float], ...]
    drilled: Event | None

    @property
    def proven(self) -> bool:
        return bool(self.drilled and self.drilled.data.get("passed"))


def standings(ledger: Ledger) -> list[Standing]:
    """Every alert, those that fire first."""
    found = ledger.findings()
    drilled: Mapping[str, Event] = {event.subject: event for event in ledger.events(kind=DRILLED)}
    every = [
        Standing(alert, tuple(one for one in found if one[0].alert == name), drilled.get(name))
        for name, alert in table.ALERTS.items()
    ]
    return sorted(every, key=lambda one: not one.firing)
