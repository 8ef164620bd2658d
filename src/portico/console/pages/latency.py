"""How long visitors waited for an answer: a heat map over time, quantiles, and who was slow."""

from __future__ import annotations

import math
from collections.abc import Sequence

from starlette.requests import Request

from portico.board import breakdown, latency
from portico.board.breakdown import Breakdown
from portico.board.latency import Heat, Moment
from portico.console import span
from portico.console.desk import Desk
from portico.console.page import Page, Told
from portico.edge import logged

ROWS = 14
"""Of the table that tells the heat map in words."""


def look(desk: Desk, request: Request) -> Told:
    asked = span.of(request.query_params, desk.now, zone=desk.zone)
    wanted = breakdown.Asked(asked.start, asked.end, latency.COLUMNS)
    limit_s = desk.settings.slo.latency_ms / 1000
    found = latency.of(desk.series, wanted, limit_s)
    return {
        "asked": asked,
        "span_words": span.WORDS,
        "latency": found,
        "heat": found.heat,
        "rows": thinned(found.heat.moments, ROWS),
        "ticks": ticks(found.heat, 5),
        "limit_s": limit_s,
        "promised": desk.settings.slo.latency / 100,
        "quantiles": {**lines(found.heat.moments), "from": asked.start, "to": asked.end},
        "servers": latency.servers(Breakdown(desk.series, wanted)),
        "one_of": logged.ONE_OF,
        "infinity": math.inf,
    }


def thinned(moments: Sequence[Moment], most: int) -> list[Moment]:
    """About so many, the newest first, and the slowest of all among them."""
    if not moments:
        return []
    each = -(-len(moments) // most)
    parts = [moments[begin : begin + each] for begin in range(0, len(moments), each)]
    return [max(part, key=lambda one: one.p99) for part in reversed(parts)]


def ticks(heat: Heat, most: int) -> list[float]:
    """Moments evenly spread under the heat map."""
    return [heat.start + heat.step * heat.columns * place / (most - 1) for place in range(most)]


def lines(moments: Sequence[Moment]) -> dict[str, object]:
    """The quantiles as static/js/chart.js takes them."""
    at = [moment.at for moment in moments]
    series = [
        {"label": name, "at": at, "value": [float(f"{getattr(moment, name):.4g}") for moment in moments]}
        for name in ("p50", "p90", "p99")
    ]
    return {"unit": "s", "series": series}


PAGES = (
    Page(
        "latency",
        "/latency",
        "Latency",
        "latency/page.html",
        look,
        live=("numbers",),
        every_s=15,
        menu="Latency",
    ),
)
