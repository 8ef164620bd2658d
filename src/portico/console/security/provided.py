"""Signing in by the company's provider: away to it, and back with its word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from portico.console import said, within
from portico.console.security import cookies
from portico.console.security.company import WAY, Company
from portico.console.security.door import SIGN_IN, Door
from portico.console.security.turns import Turns
from portico.kit.errors import PorticoError
from portico.operators import book, entering, pending, provider, sessions
from portico.operators.provider import Begun
from portico.operators.sessions import Means, Session
from portico.operators.vouched import Person

BACK = f"{WAY}/back"
_AWAY = "company"
_AGAIN_S = 120
"""Who shall prove it anew did so this long ago at most, by the provider's clock."""


def routes(door: Door, company: Company) -> Sequence[BaseRoute]:
    turns = Turns()

    async def away(request: Request) -> Response:
        try:
            return await turns.take(_sent_away, door, company, request)
        except PorticoError as error:
            return _sorry(door, request, error)

    async def back(request: Request) -> Response:
        try:
            return await turns.take(_came_back, door, company, request)
        except PorticoError as error:
            return _sorry(door, request, error)

    return (Route(WAY, away, methods=["GET"]), Route(BACK, back, methods=["GET"]))


def _sent_away(door: Door, company: Company, request: Request) -> Response:
    if not (again := door.session(request) is not None):
        door.begun.count(door.place.visitor(request).address)
    way, begun = provider.begin(company.provider(), _address(door, request), again=again)
    owner = door.owner(request) or book.token()
    to = within.ours(request.query_params.get("next", ""))
    pending.keep(door.book, owner, _AWAY, {"to": to, "begun": asdict(begun)})
    response = RedirectResponse(way, 303)
    if not door.owner(request):
        door.jar(request).put(response, cookies.VISIT, owner)
    return response


def _came_back(door: Door, company: Company, request: Request) -> Response:
    waiting = pending.take(door.book, door.owner(request), _AWAY)
    if waiting is None:
        raise PorticoError("That took too long. Try once more, please.", temporary=True)
    begun, told = Begun(**waiting["begun"]), dict(request.query_params)
    person = provider.finish(company.provider(), _address(door, request), begun, told, door.book.now)
    account = entering.by_provider(door.book, person)
    if (session := door.session(request)) is None:
        return door.let_in(request, account.name, Means.PROVIDER, waiting["to"])
    _check_again(session, account.name, person, door.book.now)
    sessions.prove(door.book, session, Means.PROVIDER)
    return RedirectResponse(waiting["to"], 303)


def _check_again(session: Session, name: str, person: Person, now: float) -> None:
    if session.name != name:
        raise PorticoError(f"The provider says {name}, and {session.name} is signed in.")
    if person.proven is None or now - person.proven > _AGAIN_S:
        raise PorticoError("The company's provider didn't ask anew who you are.")


def _address(door: Door, request: Request) -> str:
    """Where the provider sends people back to; it was told of it beforehand."""
    return f"{door.place.origin(request)}{BACK}"


def _sorry(door: Door, request: Request, error: PorticoError) -> Response:
    return door.say(request, SIGN_IN, said.Said(trouble=str(error)))
