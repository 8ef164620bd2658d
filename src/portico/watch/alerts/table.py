"""All alerts by name: what the watcher judges, and what the keeper finds by itself."""

from __future__ import annotations

from collections.abc import Mapping

from portico.watch.alerts import (
    anomalies,
    checker,
    datadog,
    edges,
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
)
from portico.watch.alerts.alert import Alert

_MODULES = (
    probing,
    slo,
    checker,
    edges,
    hosts,
    intakes,
    keepers,
    studios,
    status_pages,
    series,
    anomalies,
    datadog,
    kept,
    own,
)

ALERTS: Mapping[str, Alert] = {alert.name: alert for module in _MODULES for alert in module.ALERTS}
