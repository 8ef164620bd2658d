"""The console's pages in the order of the menu, and its buttons. To add one: its module, its row here."""

from __future__ import annotations

from portico.console.page import Button, Page
from portico.console.pages import (
    alerts,
    clusters,
    drills,
    events,
    incidents,
    latency,
    metrics,
    operate,
    orders,
    overview,
    people,
    publishes,
    settings,
    statuspage,
    traffic,
    visitors,
)

PAGES: tuple[Page, ...] = (
    *overview.PAGES,
    *incidents.PAGES,
    *alerts.PAGES,
    *orders.PAGES,
    *publishes.PAGES,
    *operate.PAGES,
    *drills.PAGES,
    *statuspage.PAGES,
    *visitors.PAGES,
    *traffic.PAGES,
    *latency.PAGES,
    *clusters.PAGES,
    *metrics.PAGES,
    *events.PAGES,
    *people.PAGES,
    *settings.PAGES,
)
BUTTONS: tuple[Button, ...] = (
    *incidents.BUTTONS,
    *orders.BUTTONS,
    *publishes.BUTTONS,
    *operate.BUTTONS,
    *drills.BUTTONS,
    *statuspage.BUTTONS,
    *people.BUTTONS,
)
