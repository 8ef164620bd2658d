"""The first page: whether the homepage is well, how well it was, and what was done about what was not."""

from __future__ import annotations

from starlette.requests import Request

from portico.console.desk import Desk
from portico.console.page import Page, Told


def look(desk: Desk, _request: Request) -> Told:
    seen = desk.ledger.seen("status")
    status, at = seen or (None, 0.0)
    return {"status": status, "at": at}


PAGES = (Page("overview", "/", "Overview", "overview/page.html", look, live=("state",), menu="Overview"),)
