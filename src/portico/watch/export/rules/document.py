"""The file of rules that Prometheus reads, as a value and as YAML."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from portico.config.models import Settings
from portico.watch.alerts.alert import Alert
from portico.watch.alerts.table import ALERTS
from portico.watch.export.rules import alerting, recording
from portico.watch.export.rules.alerting import Extra, Rule

EVERY = "15s"


def document(settings: Settings) -> dict[str, Any]:
    """Groups of rules, in the order of the alerts' table."""
    found = alerting.rules(settings)
    alerts = [
        _alert(alert, rule, settings) for alert in ALERTS.values() for rule in found.get(alert.name, ())
    ]
    extras = [_extra(one, settings) for one in alerting.extras()]
    recorded = [
        {"record": one.record, "expr": one.expr, "labels": dict(one.labels)}
        for one in recording.rules(settings)
    ]
    return {
        "groups": [
            {"name": "portico", "interval": EVERY, "rules": [*alerts, *extras]},
            {"name": "portico-slo", "interval": "60s", "rules": recorded},
        ]
    }


def left_out(settings: Settings) -> list[str]:
    """The alerts that have no form in numbers."""
    return sorted(ALERTS.keys() - alerting.rules(settings).keys())


def as_yaml(settings: Settings) -> str:
    return "\n".join([*_head(settings), *_block(document(settings), 0), ""])


def _head(settings: Settings) -> Iterator[str]:
    yield "# Portico's alerts as rules for Prometheus 2.42 or newer, by `portico metrics rules`."
    yield "# Write them anew after a change of [slo]. Those that don't follow from numbers are Portico's own:"
    yield from textwrap.wrap(
        ", ".join(left_out(settings)),
        110,
        initial_indent="# ",
        subsequent_indent="# ",
        break_on_hyphens=False,
    )


def _alert(alert: Alert, rule: Rule, settings: Settings) -> dict[str, Any]:
    """It must last as long as ours, and be over for as long."""
    return {
        "alert": alert.name,
        "expr": rule.expr,
        **({"for": _seconds(alert.for_s)} if alert.for_s else {}),
        "keep_firing_for": _seconds(alert.clear_s),
        "labels": {"severity": str(rule.severity or alert.severity)},
        "annotations": {
            "summary": alert.meaning,
            "runbook_url": _page(f"runbooks/{alert.name}.md", alert.name, settings),
        },
    }


def _extra(extra: Extra, settings: Settings) -> dict[str, Any]:
    return {
        "alert": extra.name,
        "expr": extra.rule.expr,
        "for": _seconds(extra.for_s),
        "labels": {"severity": str(extra.rule.severity)},
        "annotations": {"summary": extra.meaning, "runbook_url": _page(extra.page, "", settings)},
    }


def _page(page: str, name: str, settings: Settings) -> str:
    return f"{settings.notify.runbooks}{name}" if settings.notify.runbooks else f"docs/{page}"


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f}ms" if seconds % 1 else f"{seconds:.0f}s"


def _block(value: Mapping[str, Any], depth: int) -> Iterator[str]:
    """YAML of mappings, lists of mappings, and texts of one line."""
    pad = "  " * depth
    for key, inner in value.items():
        if isinstance(inner, list):
            yield f"{pad}{key}:"
            for one in inner:
                first, *rest = _block(one, depth + 2)
                yield f"{pad}  - {first.strip()}"
                yield from rest
        elif isinstance(inner, dict):
            yield f"{pad}{key}:"
            yield from _block(inner, depth + 1)
        else:
            yield f"{pad}{key}: {_quoted(inner)}"


def _quoted(text: str) -> str:
    """In single quotes, in which nothing but these means anything."""
    return "'{}'".format(text.replace("'", "''"))
