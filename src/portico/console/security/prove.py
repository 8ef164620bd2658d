"""Proving anew who one is, before something dangerous: somebody else may sit at the desk meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute

from portico.console import within
from portico.console.security import sign_in
from portico.console.security.account import PROVE
from portico.console.security.door import Door
from portico.operators import entering, sessions
from portico.operators.accounts import Account
from portico.operators.sessions import Session


def routes(door: Door) -> Sequence[BaseRoute]:
    def ask(request: Request, _session: Session, account: Account) -> Response:
        to = within.ours(request.query_params.get("next", within.HOME))
        return door.show(request, "prove", "Is it still you?", account=account, next=to)

    def prove(request: Request, fields: FormData) -> Response:
        """Who was invited and chose a password shows it by that, until there is more."""
        session, account = door.here(request)
        typed = sign_in.tried(door, request, fields, account.name)
        strict = door.second_factor and door.opens(session)
        _, means = entering.by_password(door.book, typed, second_factor=strict)
        sessions.prove(door.book, session, means)
        return RedirectResponse(within.ours(str(fields.get("next", ""))), 303)

    return (door.page(PROVE, ask), door.button(PROVE, prove, door.passwords))
