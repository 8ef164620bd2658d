"""Practised alerts: while a drill asks for one, its fixture stands in for what is measured.

Where the drill does real damage instead, nothing stands in; what is found is only marked as practised.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from portico.ledger.ledger import Ledger
from portico.model import Finding
from portico.watch.alerts.alert import Alert
from portico.watch.view import View

ASKED = "drill.alert"
"""Where the ledger says which alert is practised: {"name", "live", "until": seconds since the epoch}."""


RUNNING = "drill.running"
"""Where a drill that measures says that it runs: {"name", "until"}. What it breaks calls nobody."""
MEASURING = "drill "


@dataclass(frozen=True, slots=True)
class Practised:
    """`at` tells one drill from the next: when it ends at the latest."""

    alert: Alert
    live: bool
    at: float = 0.0

    @property
    def mark(self) -> dict[str, Any]:
        """What stands in the data of all that is found by it."""
        return {"drill": self.alert.name, "drill_at": self.at}


def asked(ledger: Ledger, alerts: Mapping[str, Alert], now: float) -> Practised | None:
    """The alert that is practised now."""
    seen = ledger.seen(ASKED)
    if not seen or not seen[0] or now > seen[0]["until"] or seen[0]["name"] not in alerts:
        return None
    return Practised(alerts[seen[0]["name"]], seen[0]["live"], seen[0]["until"])


def damage(ledger: Ledger, alerts: Mapping[str, Alert], at: float) -> dict[str, Any]:
    """What marks a trouble that began then as the doing of a drill, whoever found it; empty without one."""
    seen, practised = ledger.seen(ASKED), asked(ledger, alerts, at)
    if seen and practised and practised.live and at >= seen[1]:
        return practised.mark
    running = ledger.seen(RUNNING)
    if running and running[0] and running[1] <= at <= running[0]["until"]:
        return {"drill": f"{MEASURING}{running[0]['name']}", "drill_at": running[0]["until"]}
    return {}


def overlaid(view: View, practised: Practised | None) -> View:
    """The view with the practised alert's fixture in it, as if it were measured now."""
    if practised is None or practised.live or practised.alert.rule is None:
        return view
    fires = practised.alert.fires
    points = {key: [(view.now - ago, value) for ago, value in found] for key, found in fires.points.items()}
    return replace(view, recent=view.recent.pretending(points), facts={**view.facts, **fires.facts})


def marked(found: Mapping[str, Finding], practised: Practised | None) -> dict[str, Finding]:
    """What was found, with what is only practised marked so.

    An alert of the keeper's that no damage fires is found here, to go the way from there to the people.
    """
    if practised is None:
        return dict(found)
    alert = practised.alert
    told = {
        key: _mark(finding, practised) if finding.alert == alert.name else finding
        for key, finding in found.items()
    }
    if alert.rule is None and not practised.live:
        practice = Finding(f"{alert.name}:drill", alert.severity, alert.meaning)
        told[practice.key] = _mark(practice, practised)
    return told


def _mark(finding: Finding, practised: Practised) -> Finding:
    return replace(finding, sentence=f"Drill: {finding.sentence}", data={**finding.data, **practised.mark})
