"""The monitors that there shall be: for alerts in metric form, for all alerts, for anomalies. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from portico.model import Severity
from portico.watch import registry
from portico.watch.alerts.table import ALERTS
from portico.watch.export.datadog import mark
from portico.watch.export.datadog.account.forms import FORMS, Form, written
from portico.watch.export.datadog.account.thing import MONITOR, Site, Thing, reference
from portico.watch.export.datadog.notices import CHECK
from portico.watch.metric import Kind, Metric

ALL = "monitor-all-alerts"
SILENT_MIN = 10
"""Minutes without a word of the watcher, after which Datadog calls people by itself."""

FAST = 14.4
"""The workbook's rate at which a month's budget is gone in two days."""

_PRIORITY = {Severity.CRITICAL: 1, Severity.WARNING: 3, Severity.INFO: 5}


def things(site: Site, objectives: Sequence[str], studio: bool) -> Iterator[Thing]:  # noqa: FBT001 - whether one runs
    """`objectives` are those that have an SLO there."""
    for name, form in FORMS.items():
        if studio or name not in {"studio-down", "freezer-stuck", "edits-not-live"}:
            yield _of_alert(site, name, form)
    yield _of_all(site)
    for metric in registry.METRICS.values():
        if metric.felt:
            yield _anomaly(site, metric)
    for objective in objectives:
        yield _burning(site, objective)


def _of_alert(site: Site, name: str, form: Form) -> Thing:
    alert = ALERTS[name]
    bounds: dict[str, float] = {"critical": form.critical}
    if form.warning is not None:
        bounds["warning"] = form.warning
    return _thing(
        site,
        f"monitor-{name}",
        {
            "name": f"{site.host}: {name}",
            "type": "query alert",
            "query": written(form, site.scope),
            "message": _message(site, alert.meaning, name),
            "priority": _PRIORITY[alert.severity],
            "options": {**_OPTIONS, "thresholds": bounds},
        },
        (f"{mark.ALERT}:{name}",),
    )


def _of_all(site: Site) -> Thing:
    """By the service check, which has every alert as we judge it; and Datadog's own dead man's switch."""
    said = "An alert of ours fires, or nothing was heard of the watcher: then nobody watches."
    return _thing(
        site,
        ALL,
        {
            "name": f"{site.host}: all alerts, and a sign of life",
            "type": "service check",
            "query": f'"{CHECK}".over("{site.scope}").by("alert").last(2).count_by_status()',
            "message": _message(site, said, "README"),
            "priority": 1,
            "options": {
                "thresholds": {"critical": 1, "warning": 1, "ok": 1},
                "notify_no_data": True,
                "no_data_timeframe": SILENT_MIN,
                "include_tags": True,
                "renotify_interval": 0,
            },
        },
        (f"{mark.ALERT}:{mark.ALL}",),
    )


def _anomaly(site: Site, metric: Metric) -> Thing:
    by = f" by {{{metric.labels[0]}}}" if metric.labels else ""
    counted = metric.kind is not Kind.GAUGE
    series = (
        f"{'sum' if counted else 'avg'}:{metric.name}{{{site.scope}}}{by}{'.as_rate()' if counted else ''}"
    )
    query = (
        f"avg(last_4h):anomalies({series}, 'agile', 3, direction='both', interval=60,"
        " alert_window='last_15m', count_default_zero='true', seasonality='weekly') >= 1"
    )
    said = f"{metric.help} It is far from what it is at this time of the week."
    return _thing(
        site,
        f"anomaly-{metric.name}",
        {
            "name": f"{site.host}: {metric.name} is unusual",
            "type": "query alert",
            "query": query,
            "message": _message(site, said, "anomaly-felt"),
            "priority": 3,
            "options": {
                **_OPTIONS,
                "thresholds": {"critical": 1.0, "critical_recovery": 0.0},
                "threshold_windows": {"trigger_window": "last_15m", "recovery_window": "last_15m"},
            },
        },
    )


def _burning(site: Site, objective: str) -> Thing:
    slo = reference(f"slo-{objective}")
    query = f'burn_rate("{slo}").over("30d").long_window("1h").short_window("5m") > {FAST:g}'
    said = f"The budget of {objective} burns so fast that it would be gone within days."
    return _thing(
        site,
        f"burn-{objective}",
        {
            "name": f"{site.host}: the budget of {objective} burns",
            "type": "slo alert",
            "query": query,
            "message": _message(site, said, "slo-burning-fast"),
            "priority": 1,
            "options": {"thresholds": {"critical": FAST}, "include_tags": True},
        },
    )


_OPTIONS: dict[str, Any] = {
    "notify_no_data": False,
    "include_tags": True,
    "require_full_window": False,
    "renotify_interval": 0,
}
"""Without data, `ALL` tells it once, instead of each of them."""


def _message(site: Site, meaning: str, runbook: str) -> str:
    to = f"\n\n{' '.join(site.notify)}" if site.notify else ""
    return f"{meaning}\n\nRunbook: docs/runbooks/{runbook}.md. Portico's own alerts tell people, too.{to}"


def _thing(site: Site, slug: str, body: dict[str, Any], tags: Sequence[str] = ()) -> Thing:
    return Thing(MONITOR, slug, {**body, "tags": mark.made(site.id, slug, (*tags, *site.tags))})
