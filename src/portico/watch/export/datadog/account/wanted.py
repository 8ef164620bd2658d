"""All that there shall be at Datadog, from the settings alone. Pure."""

from __future__ import annotations

from portico.config.models import Settings
from portico.watch.export.datadog.account import dashboards, monitors, slos, synthetics
from portico.watch.export.datadog.account.thing import Site, Skipped, Thing


def site(settings: Settings, site_id: str) -> Site:
    told = settings.datadog
    return Site(site_id, settings.edge.hosts[0], tuple(told.tags), tuple(told.notify))


def things(settings: Settings, site_id: str) -> tuple[list[Thing], list[Skipped]]:
    """What is wanted, and what can't be, and why."""
    at = site(settings, site_id)
    frame = slos.frame(settings.slo.window_days)
    found = list(synthetics.things(at, settings.probes.pages, settings.datadog.locations))
    made = [
        *slos.things(at, settings.slo),
        *monitors.things(at, slos.OBJECTIVES, settings.runs_studio),
        *(one for one in found if isinstance(one, Thing)),
        *dashboards.things(at, frame),
    ]
    return made, [one for one in found if isinstance(one, Skipped)]
