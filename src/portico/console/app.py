"""The console as one ASGI application: its pages, their live streams, its buttons, all behind the gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from portico.console import form, live, render, said, within
from portico.console.desk import Desk
from portico.console.gate import Gate
from portico.console.page import Button, Page
from portico.console.pages import table
from portico.console.render import Renderer
from portico.kit.errors import PorticoError
from portico.operators.operator import Operator

SIGN_IN = "/sign-in"
PROVE = "/prove"
LIVE = "/live"


def build(desk: Desk, gate: Gate) -> Starlette:
    views = Views(desk, gate)
    return Starlette(
        routes=[
            Route("/-/live", lambda _request: PlainTextResponse("ok\n")),
            Mount("/static/{digest}", StaticFiles(directory=render.STATIC)),
            *gate.routes,
            *[route for page in table.PAGES for route in views.of_page(page)],
            *[views.of_button(button) for button in table.BUTTONS],
        ],
        middleware=list(gate.middleware),
    )


@dataclass(frozen=True, slots=True)
class Views:
    """Turns rows of the table into routes."""

    desk: Desk
    gate: Gate

    def of_page(self, page: Page) -> list[Route]:
        def look(request: Request) -> Response:
            if not (who := self.gate.who(request)):
                return _to_sign_in(request)
            return self._shown(page, request, who)

        async def follow(request: Request) -> Response:
            def make() -> Mapping[str, str] | None:
                who = self.gate.who(request)
                return self._parts(page, request, who) if who else None

            if not self.gate.who(request):
                raise HTTPException(401)
            return live.stream(request, make, every_s=page.every_s)

        routes = [Route(page.path, look, methods=["GET"], name=page.name)]
        if page.live:
            routes.append(Route(f"{LIVE}{page.path}", follow, methods=["GET"], name=f"{page.name}-live"))
        return routes

    def of_button(self, button: Button) -> Route:
        async def press(request: Request) -> Response:
            if not (who := self.gate.who(request)):
                return _to_sign_in(request)
            fields = await form.read(request)
            if not self.gate.trusts(request, str(fields.get("_token", ""))):
                raise HTTPException(403, "This page is too old. Go back, load it again and press once more.")
            if not who.may(button.role):
                raise HTTPException(403, f"Only a person with the role {button.role.word} may do that.")
            if button.dangerous and not self.gate.fresh(request):
                return RedirectResponse(f"{PROVE}?{urlencode({'next': within.before(request)})}", 303)
            try:
                done = await to_thread.run_sync(button.press, self.desk, who, request, fields)
            except PorticoError as error:
                return self._to(request, within.before(request), said.Said(trouble=str(error)))
            return self._to(request, done.to, said.Said(said=done.said))

        return Route(button.path, press, methods=["POST"])

    def _shown(self, page: Page, request: Request, who: Operator) -> HTMLResponse:
        try:
            told = page.look(self.desk, request)
        except PorticoError as error:
            raise HTTPException(404, str(error)) from error
        response = HTMLResponse(self._renderer(request, who).page(page, told))
        said.forget(request, response)
        return response

    def _parts(self, page: Page, request: Request, who: Operator) -> Mapping[str, str]:
        told, renderer = page.look(self.desk, request), self._renderer(request, who)
        return {name: renderer.part(page, name, told) for name in page.live}

    def _to(self, request: Request, path: str, told: said.Said) -> Response:
        response = RedirectResponse(path, 303)
        said.put(response, self.gate.token(request), told)
        return response

    def _renderer(self, request: Request, who: Operator) -> Renderer:
        token = self.gate.token(request)
        heard = said.take(request, token)
        query = f"?{request.url.query}" if request.url.query else ""
        path = request.url.path.removeprefix(LIVE)
        shared: dict[str, Any] = {
            "menu": [page for page in table.PAGES if page.menu],
            "operator": who,
            "token": token,
            "now": self.desk.now,
            "live_path": f"{LIVE}{path}{query}",
            "path": path,
            "said": heard.said,
            "trouble": heard.trouble,
        }
        return Renderer(shared)


def _to_sign_in(request: Request) -> Response:
    before = request.url.path if request.method == "GET" else within.before(request)
    return RedirectResponse(f"{SIGN_IN}?{urlencode({'next': before})}", 303)
