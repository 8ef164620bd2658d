"""Turns rows of the table into routes: a page, its live stream, a button."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from portico.console import form, frame, live, said, typed, within
from portico.console.desk import Desk
from portico.console.gate import Gate
from portico.console.page import Button, Page, Told
from portico.console.shared import Shared
from portico.kit.errors import MissingError, PorticoError, UnavailableError
from portico.operators.operator import Operator

SIGN_IN = "/sign-in"
PROVE = "/prove"

_TOKEN = secrets.token_hex(16)
"""What parts are made with for all who look; each gets his own in its place. Nobody can write it anywhere."""

_FRESH = 0.9
"""A part is made again when the next round of its first viewer comes, not just after it."""


@dataclass(frozen=True, slots=True)
class Views:
    desk: Desk
    gate: Gate
    streams: live.Streams
    _looks: Shared[Told] = field(default_factory=Shared)
    _parts: Shared[Mapping[str, str]] = field(default_factory=Shared)
    _typed: typed.Kept = field(default_factory=typed.Kept)

    def of_page(self, page: Page) -> list[Route]:
        def look(request: Request) -> Response:
            if not (who := self.gate.who(request)):
                return _to_sign_in(request)
            return self._shown(page, request, who)

        async def follow(request: Request) -> Response:
            def make() -> Mapping[str, str] | None:
                who = self.gate.who(request)
                return self._followed(page, request, who) if who and who.may(page.role) else None

            if not (who := await to_thread.run_sync(self.gate.who, request)):
                raise HTTPException(401)
            _check(page, who)
            return self.streams.open(make, every_s=page.every_s, whose=self.gate.token(request))

        return [
            Route(page.path, look, methods=["GET"], name=page.name),
            Route(f"{frame.LIVE}{page.path}", follow, methods=["GET"], name=f"{page.name}-live"),
        ]

    def of_button(self, button: Button) -> Route:
        async def press(request: Request) -> Response:
            if not (who := await to_thread.run_sync(self.gate.who, request)):
                return _to_sign_in(request)
            fields = await form.read(request)
            if not self.gate.trusts(request, str(fields.get("_token", ""))):
                raise HTTPException(403, "This page is too old. Go back, load it again and press once more.")
            if not who.may(button.role):
                raise HTTPException(403, f"Only a person with the role {button.role.word} may do that.")
            if button.dangerous and not await to_thread.run_sync(self.gate.fresh, request):
                self._keep(request, fields.multi_items())
                return RedirectResponse(f"{PROVE}?{urlencode({'next': within.before(request)})}", 303)
            try:
                done = await to_thread.run_sync(button.press, self.desk, who, request, fields)
            except PorticoError as error:
                self._keep(request, [one for one in fields.multi_items() if not one[0].startswith("_")])
                return self._to(request, within.before(request), said.Said(trouble=str(error)))
            self._typed.drop(self.gate.token(request))
            return self._to(request, done.to, said.Said(said=done.said))

        return Route(button.path, press, methods=["POST"])

    def _shown(self, page: Page, request: Request, who: Operator) -> HTMLResponse:
        _check(page, who)
        try:
            told = page.look(self.desk, request)
        except PorticoError as error:
            raise HTTPException(_status(error), str(error)) from error
        token = self.gate.token(request)
        kept = self._typed.take(token, within.here(request))
        visit = frame.Visit(self.desk, request, who, token, said.take(request, token), kept)
        response = HTMLResponse(visit.renderer().page(page, told))
        said.forget(request, response)
        return response

    def _followed(self, page: Page, request: Request, who: Operator) -> Mapping[str, str]:
        """The parts of a page and its frame, made once for all who look at it with the same name."""
        visit = frame.Visit(self.desk, request, who, _TOKEN)
        looked = (page.name, visit.path, request.url.query)
        keep_s = page.every_s * _FRESH

        def make() -> Mapping[str, str]:
            renderer = visit.renderer()
            around = {name: renderer.template(f"frame/{name}.html", page=page) for name in frame.PARTS}
            if not page.live:
                return around
            try:
                told = self._looks.get(looked, keep_s, lambda: page.look(self.desk, request))
            except PorticoError:  # what the page was about is gone; it stays as it was
                return around
            return {**{name: renderer.part(page, name, told) for name in page.live}, **around}

        token = self.gate.token(request)
        made = self._parts.get((looked, who), keep_s, make)
        return {name: html.replace(_TOKEN, token) for name, html in made.items()}

    def _keep(self, request: Request, fields: Sequence[tuple[str, Any]]) -> None:
        """A name that was written to confirm is kept through a proof, and never through a refusal."""
        pairs = [(name, str(text)) for name, text in fields]
        kept = typed.Typed(within.before(request), request.url.path, pairs)
        self._typed.keep(self.gate.token(request), kept)

    def _to(self, request: Request, path: str, told: said.Said) -> Response:
        response = RedirectResponse(path, 303)
        said.put(request, response, self.gate.token(request), told)
        return response


def _check(page: Page, who: Operator) -> None:
    if not who.may(page.role):
        raise HTTPException(403, f"Only a person with the role {page.role.word} may see that.")


def _status(error: PorticoError) -> int:
    """Of a page that can't be shown."""
    if isinstance(error, UnavailableError) or error.temporary:
        return 503
    return 404 if isinstance(error, MissingError) else 400


def _to_sign_in(request: Request) -> Response:
    before = within.here(request) if request.method == "GET" else within.before(request)
    return RedirectResponse(f"{SIGN_IN}?{urlencode({'next': before})}", 303)
