"""The console as one ASGI application: its pages, their live streams, its buttons, all behind the gate."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from portico.console import data, live, pictures, render, troubles
from portico.console.desk import Desk
from portico.console.files import Files
from portico.console.gate import Gate
from portico.console.pages import table
from portico.console.views import Views


def build(desk: Desk, gate: Gate) -> Starlette:
    """Its `state.streams` are to be ended before the server is stopped."""
    streams = live.Streams()
    views = Views(desk, gate, streams)
    made = Starlette(
        routes=[
            Route("/-/live", _live),
            Mount("/static/{digest}", Files(directory=render.STATIC)),
            *gate.routes,
            *pictures.routes(desk, gate),
            *data.routes(desk, gate),
            *[route for page in table.PAGES for route in views.of_page(page)],
            *[views.of_button(button) for button in table.BUTTONS],
        ],
        middleware=list(gate.middleware),
        exception_handlers=troubles.handlers(desk, gate),
    )
    made.state.streams = streams
    return made


async def _live(_request: Request) -> PlainTextResponse:
    """Needs no thread: the keeper hears that it lives, however many are at work."""
    return PlainTextResponse("ok\n")
