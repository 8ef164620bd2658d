"""Signing in by name, password and code, by an invitation, and signing out."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from portico.console import within
from portico.console.security.door import ACCOUNT, SIGN_IN, Door
from portico.kit.errors import PorticoError
from portico.operators import accounts, entering, invitations, sessions
from portico.operators.entering import Tried
from portico.operators.sessions import Means

SIGN_OUT, INVITATION = "/sign-out", "/invitation/{token}"
GONE = "This invitation was used, or had its time. Ask for a new one: portico user invite NAME."


def routes(door: Door) -> Sequence[BaseRoute]:
    def ask(request: Request) -> Response:
        to = within.ours(request.query_params.get("next", within.HOME))
        if session := door.session(request):
            return RedirectResponse(to if door.opens(session) else ACCOUNT, 303)
        return door.show(request, "sign-in", "Sign in", next=to, nobody=not accounts.everybody(door.book))

    def enter(request: Request, fields: FormData) -> Response:
        account, means = entering.by_password(
            door.book, tried(door, request, fields), second_factor=door.second_factor
        )
        return door.let_in(request, account.name, means, within.ours(str(fields.get("next", ""))))

    def leave(request: Request, _fields: FormData) -> Response:
        if session := door.session(request):
            sessions.end(door.book, session)
        return door.let_out(request, SIGN_IN)

    def welcome(request: Request) -> Response:
        account = invitations.holder(door.book, request.path_params["token"])
        return door.show(request, "invitation", "Welcome", account=account)

    def begin(request: Request, _fields: FormData) -> Response:
        token = request.path_params["token"]
        account = invitations.holder(door.book, token)
        if account is None or not invitations.use(door.book, token):
            raise PorticoError(GONE)
        return door.let_in(request, account.name, Means.INVITED, ACCOUNT)

    return (
        Route(SIGN_IN, ask, methods=["GET"]),
        door.button(SIGN_IN, enter, door.passwords),
        door.button(SIGN_OUT, leave),
        Route(INVITATION, welcome, methods=["GET"]),
        door.button(INVITATION, begin),
    )


def tried(door: Door, request: Request, fields: FormData, name: str | None = None) -> Tried:
    """What was typed; `name` where it is known who is there."""
    address = door.place.visitor(request).address
    typed = {key: str(fields.get(key, "")) for key in ("name", "password", "code")}
    return Tried(name or typed["name"], typed["password"], typed["code"], address)
