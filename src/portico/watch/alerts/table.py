"""All alerts by name: what the watcher judges, and what the keeper finds by itself."""

from __future__ import annotations

from collections.abc import Mapping

from portico.watch.alerts import (
    anomalies,
    checker,
    consoles,
    datadog,
    edges,
    exports,
    hosts,
    intakes,
    keepers,
    kept,
    own,
    probing,
    series,
    slo,
    status_pages,
    studios,
    visitors,
)
from portico.watch.alerts.alert import Alert

_MODULES = (
    probing,
    slo,
    checker,
    edges,
    exports,
    hosts,
    intakes,
    keepers,
    studios,
    consoles,
    status_pages,
    series,
    anomalies,
    visitors,
    datadog,
    kept,
    own,
)

ALERTS: Mapping[str, Alert] = {alert.name: alert for module in _MODULES for alert in module.ALERTS}
