"""Writes deploy/grafana/*.json: .venv/bin/python dev/grafana.py. What is shown stands in dashboards.py."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dashboards import BOARDS
from panels import Panel, Rows, by, series

PLACE = Path(__file__).resolve().parent.parent / "deploy" / "grafana"
COLUMNS = 24
SOURCE = {"type": "prometheus", "uid": "${datasource}"}


def dashboards() -> dict[str, dict[str, Any]]:
    """By file name."""
    return {f"{name}.json": _dashboard(name, title, rows) for name, (title, rows) in BOARDS.items()}


def _dashboard(name: str, title: str, rows: Rows) -> dict[str, Any]:
    return {
        "uid": f"portico-{name}",
        "title": title,
        "tags": ["portico"],
        "schemaVersion": 39,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [_datasource(), _instance()]},
        "annotations": {"list": [_publishes()]},
        "links": [
            {
                "type": "dashboards",
                "tags": ["portico"],
                "title": "Portico",
                "asDropdown": True,
                "includeVars": True,
            }
        ],
        "panels": list(_laid_out(rows)),
    }


def _datasource() -> dict[str, Any]:
    return {"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Prometheus"}


def _instance() -> dict[str, Any]:
    query = "label_values(portico_collector_up, instance)"
    return {
        "name": "instance",
        "type": "query",
        "label": "Stack",
        "datasource": SOURCE,
        "query": {"query": query, "refId": "stacks"},
        "definition": query,
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "current": {"text": ["All"], "value": ["$__all"]},
    }


def _publishes() -> dict[str, Any]:
    """A line in every chart where something went live."""
    went = by("instance, kind", f"increase({series('portico_publish_orders_total', result='done')}[1m])")
    return {
        "name": "Publishes",
        "datasource": SOURCE,
        "enable": True,
        "expr": f"{went} > 0",
        "step": "60s",
        "titleFormat": "{{kind}}",
        "textFormat": "{{instance}}",
        "iconColor": "blue",
    }


def _laid_out(rows: Rows) -> Iterator[dict[str, Any]]:
    """Row under row; within one, panels from left to right, in as many lines as they take."""
    number, top = 1, 0
    for title, panels in rows.items():
        yield {
            "id": number,
            "type": "row",
            "title": title,
            "collapsed": False,
            "gridPos": _at(0, top, COLUMNS, 1),
        }
        number, top, left, height = number + 1, top + 1, 0, 0
        for panel in panels:
            if left + panel.width > COLUMNS:
                left, top = 0, top + height
            height = 4 if panel.kind == "stat" else 8
            yield _panel(panel, number, _at(left, top, panel.width, height))
            number, left = number + 1, left + panel.width
        top += height


def _at(left: int, top: int, width: int, height: int) -> dict[str, int]:
    return {"x": left, "y": top, "w": width, "h": height}


def _panel(panel: Panel, number: int, place: dict[str, int]) -> dict[str, Any]:
    steps = [{"value": value, "color": colour} for value, colour in panel.steps]
    custom = {"stacking": {"mode": "normal"}, "fillOpacity": 30} if panel.stacked else {}
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.told,
        "datasource": SOURCE,
        "gridPos": place,
        "targets": [_target(index, *query, panel.kind) for index, query in enumerate(panel.queries)],
        "fieldConfig": {
            "defaults": {
                "unit": panel.unit,
                "thresholds": {"mode": "absolute", "steps": steps},
                **({"color": {"mode": "thresholds"}} if len(steps) > 1 else {}),
                **({"custom": custom} if custom else {}),
            },
            "overrides": [],
        },
        "options": _options(panel.kind),
    }


def _target(index: int, expr: str, legend: str, kind: str) -> dict[str, Any]:
    return {
        "refId": chr(ord("A") + index),
        "datasource": SOURCE,
        "expr": expr,
        "legendFormat": legend or "__auto",
        "range": kind not in {"stat", "bargauge"},
        "instant": kind in {"stat", "bargauge"},
        **({"format": "heatmap"} if kind == "heatmap" else {}),
    }


def _options(kind: str) -> dict[str, Any]:
    last = {"calcs": ["lastNotNull"], "values": False}
    match kind:
        case "stat":
            return {"reduceOptions": last, "colorMode": "value", "graphMode": "none"}
        case "bargauge":
            return {"reduceOptions": last, "orientation": "horizontal", "displayMode": "basic"}
        case "heatmap":
            return {"calculate": False, "yAxis": {"unit": "s"}}
        case "timeseries":
            return {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}}
    return {}


def text(dashboard: Mapping[str, Any]) -> str:
    return json.dumps(dashboard, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name, dashboard in dashboards().items():
        (PLACE / name).write_text(text(dashboard), encoding="utf-8")
