"""Who asks for what: how many, which pages, what was answered, people or programs, from where."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request

from portico.board import breakdown, traffic
from portico.console import span
from portico.console.data import PATH
from portico.console.desk import Desk
from portico.console.page import Page, Told
from portico.edge import logged
from portico.watch.collect.edge import RESPONSES
from portico.watch.collect.tally import PAGES as SEATS


def look(desk: Desk, request: Request) -> Told:
    asked = span.of(request.query_params, desk.now, zone=desk.zone)
    return {
        "asked": asked,
        "span_words": span.WORDS,
        "traffic": traffic.of(desk.series, breakdown.Asked(asked.start, asked.end)),
        "one_of": logged.ONE_OF,
        "seats": SEATS,
        "header": desk.settings.edge.country_header,
        "answers": chart(asked, RESPONSES.name, "door=https"),
    }


def chart(asked: span.Span, metric: str, *labels: str) -> dict[str, object]:
    """What static/js/chart.js is told: where the numbers are, and how often to ask again."""
    query = [("metric", metric), *(("label", label) for label in labels), *asked.query.items()]
    again = {"every_s": max(15, int(asked.seconds / 500))} if asked.word else {"every_s": 86_400}
    return {"url": f"{PATH}?{urlencode(query)}", **again}


PAGES = (
    Page(
        "traffic",
        "/traffic",
        "Traffic",
        "traffic/page.html",
        look,
        live=("numbers",),
        every_s=15,
        menu="Traffic",
    ),
)
