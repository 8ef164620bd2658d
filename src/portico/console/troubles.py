"""Error pages: what happened, and what to do now. Nobody at 3 a.m. is shown a bare number."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from portico.console import frame
from portico.console.desk import Desk
from portico.console.gate import Gate
from portico.kit.errors import PorticoError

BROKEN = 500
_LOG = logging.getLogger("portico.console")


@dataclass(frozen=True, slots=True)
class Words:
    title: str
    what: str
    now: str


_KNOWN: Mapping[int, Words] = {
    400: Words(
        "Not understood", "No page or button of this console sends that.", "Go back and try once more."
    ),
    401: Words("Signed out", "This session is over.", "Sign in again; you come back to where you were."),
    403: Words(
        "Not allowed", "This may not be done here.", "Go back, load the page again, and press once more."
    ),
    404: Words(
        "Not here", "There is no such page.", "Take the way from the menu; what is gone is in the events."
    ),
    503: Words(
        "Not to be read now",
        "What this page shows can't be read at this moment.",
        "Load it again in a moment. The homepage doesn't need it; portico status tells more at a terminal.",
    ),
    405: Words("Not understood", "This address is for a button.", "Go back and press it there."),
}
_ELSE = Words(
    "Something broke here",
    "This page could not be made. That is the console's fault alone: the homepage doesn't need it.",
    "Load it again. The other pages and the terminal go on; the reason is in portico logs console.",
)


def handlers(desk: Desk, gate: Gate) -> dict[Any, Callable[[Request, Exception], Response]]:
    """By exception, as Starlette asks for them."""

    def http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else BROKEN
        said = error.detail if isinstance(error, HTTPException) and not _is_plain(error) else ""
        return _page(desk, gate, request, status, said)

    def broken(request: Request, error: Exception) -> Response:
        _LOG.error("%s: %s", request.url.path, error, exc_info=error)
        return _page(desk, gate, request, BROKEN, str(error) if isinstance(error, PorticoError) else "")

    return {HTTPException: http, Exception: broken}


def _is_plain(error: HTTPException) -> bool:
    """Starlette puts the status's own words where nobody gave any."""
    return error.detail == HTTPException(error.status_code).detail


def _page(desk: Desk, gate: Gate, request: Request, status: int, said: str) -> Response:
    known = _KNOWN.get(status, _ELSE)
    if request.url.path.startswith((f"{frame.LIVE}/", "/static/", "/data/")):
        return PlainTextResponse(f"{said or known.what}\n", status)
    visit = frame.Visit(desk, request)
    if status < BROKEN:  # else the ledger may be what is broken, which the menu's state is read from
        visit = frame.Visit(desk, request, gate.who(request), gate.token(request))
    told = Words(known.title, said or known.what, known.now)
    page = frame.Titled(known.title)
    return HTMLResponse(
        visit.renderer().template("errors/page.html", page=page, words=told, status=status), status
    )
