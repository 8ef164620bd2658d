"""What dashboards are made of: widgets as Datadog's JSON, in few words. Pure."""

from __future__ import annotations

from typing import Any

Widget = dict[str, Any]


def group(title: str, *widgets: Widget) -> Widget:
    return _widget(type="group", layout_type="ordered", title=title, widgets=list(widgets))


def lines(title: str, *queries: str, kind: str = "line") -> Widget:
    """One request for each query; `kind` is line, area or bars."""
    return _widget(
        type="timeseries",
        title=title,
        show_legend=True,
        legend_layout="auto",
        requests=[{"q": query, "display_type": kind} for query in queries],
    )


def number(title: str, query: str, *, unit: str = "", precision: int = 2) -> Widget:
    shown = {"custom_unit": unit, "autoscale": False} if unit else {"autoscale": True}
    return _widget(
        type="query_value",
        title=title,
        precision=precision,
        requests=[{"q": query, "aggregator": "last"}],
        **shown,
    )


def heat(title: str, query: str) -> Widget:
    return _widget(type="heatmap", title=title, requests=[{"q": query}])


def top(title: str, query: str) -> Widget:
    return _widget(type="toplist", title=title, requests=[{"q": f"top({query}, 10, 'mean', 'desc')"}])


def promise(title: str, slo: str, frame: str) -> Widget:
    return _widget(
        type="slo",
        title=title,
        slo_id=slo,
        view_type="detail",
        view_mode="overall",
        time_windows=[frame],
        show_error_budget=True,
    )


def checks(title: str, check: str, scope: str, by: str) -> Widget:
    return _widget(
        type="check_status", title=title, check=check, grouping="cluster", group_by=[by], tags=[scope]
    )


def events(title: str, scope: str) -> Widget:
    return _widget(
        type="event_stream", title=title, query=f"tags:{scope}", tags_execution="and", event_size="s"
    )


def note(text: str) -> Widget:
    return _widget(type="note", content=text, background_color="gray", font_size="14", show_tick=False)


def _widget(**definition: Any) -> Widget:
    return {"definition": definition}
