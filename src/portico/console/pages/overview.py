"""The first page: whether the homepage is well, how well it was, and what was done about what was not."""

from __future__ import annotations

from starlette.requests import Request

from portico.board import board
from portico.board.cell import COLUMNS
from portico.board.seen import Looker
from portico.console.desk import Desk
from portico.console.page import Page, Told
from portico.console.pages import picture
from portico.watch.slo import words

MOST_MENDED = 6


def look(desk: Desk, _request: Request) -> Told:
    looker: Looker = desk.kept.get("board") or desk.kept.setdefault("board", Looker(desk))
    told = board.of(looker.look())
    return {
        "board": told,
        "columns": COLUMNS,
        "drawings": picture.drawings(told.picture),
        "fitting": picture.fitting,
        "forecast": words.forecast,
        "percent": words.percent,
        "mended": told.mended[:MOST_MENDED],
        "address": told.seen.state["address"],
    }


LIVE = ("columns", "picture", "promises", "incidents", "publishes", "mended")

PAGES = (Page("overview", "/", "Overview", "overview/page.html", look, live=LIVE, menu="Overview"),)
