"""What the browser's script asks for when somebody uses or adds a passkey. Answers are JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from portico.console import said, within
from portico.console.security import account
from portico.console.security.door import ACCOUNT, Door
from portico.kit.errors import PorticoError
from portico.operators import passkeys, pending, sessions
from portico.operators.accounts import Account
from portico.operators.passkeys import Rp
from portico.operators.sessions import Means, Session

NO_NAME = "Passkeys work under a name, not under a number."
TOO_LATE = "That took too long. Try once more, please."
_ASKED, _ADDED = "passkey", "passkey-added"


def routes(door: Door) -> Sequence[BaseRoute]:
    return (
        door.button("/passkey/sign-in/begin", _telling(_begin_asking(door))),
        door.button("/passkey/sign-in", _telling(_ask(door))),
        door.button("/passkey/add/begin", _telling(_begin_adding(door))),
        door.button("/passkey/add", _telling(_add(door))),
        account.changing(door, f"{ACCOUNT}/passkeys/remove", _remove(door)),
    )


def _telling(work: Callable[[Request, FormData], Response]) -> Callable[[Request, FormData], Response]:
    """A script is told what went wrong; it shows it beside its button."""

    def told(request: Request, fields: FormData) -> Response:
        try:
            return work(request, fields)
        except PorticoError as error:
            return JSONResponse({"trouble": str(error)}, 400)

    return told


def _rp(door: Door, request: Request) -> Rp:
    if host := door.place.passkeys(request):
        return Rp(host, door.place.origin(request))
    raise PorticoError(NO_NAME)


def _begin_asking(door: Door) -> Callable[[Request, FormData], Response]:
    def begin(request: Request, _fields: FormData) -> Response:
        if door.session(request) is None:
            door.begun.count(door.place.visitor(request).address)
        options, state = passkeys.begin_asking(_rp(door, request))
        pending.keep(door.book, door.owner(request), _ASKED, state)
        return JSONResponse(options)

    return begin


def _ask(door: Door) -> Callable[[Request, FormData], Response]:
    def ask(request: Request, fields: FormData) -> Response:
        state = _taken(door, request, _ASKED)
        found = passkeys.use(door.book, _rp(door, request), state=state, answer=_answer(fields))
        to = within.ours(str(fields.get("next", "")))
        session = door.session(request)
        if session is None:
            return _going(door.let_in(request, found.name, Means.PASSKEY, to), to)
        if session.name != found.name:
            raise PorticoError(f"That passkey is {found.name}'s, and {session.name} is signed in.")
        sessions.prove(door.book, session, Means.PASSKEY)
        return JSONResponse({"to": to})

    return ask


def _begin_adding(door: Door) -> Callable[[Request, FormData], Response]:
    def begin(request: Request, _fields: FormData) -> Response:
        session, mine = door.here(request)
        if not account.may_change(door, session, mine):
            return JSONResponse({"to": account.way_to_prove(ACCOUNT)}, 403)
        account.check_own(mine)
        options, state = passkeys.begin_adding(door.book, _rp(door, request), mine.name)
        pending.keep(door.book, door.owner(request), _ADDED, state)
        return JSONResponse(options)

    return begin


def _add(door: Door) -> Callable[[Request, FormData], Response]:
    def add(request: Request, fields: FormData) -> Response:
        session, mine = door.here(request)
        account.check_own(mine)
        state = _taken(door, request, _ADDED)
        label = str(fields.get("label", ""))
        passkeys.add(door.book, _rp(door, request), mine.name, label, state=state, answer=_answer(fields))
        account.arrive(door, session, Means.PASSKEY)
        response = JSONResponse({"to": ACCOUNT})
        told = said.Said("The passkey is added: it signs you in from now on.")
        said.put(request, response, door.token(request), told)
        return response

    return add


def _remove(door: Door) -> account.Change:
    def remove(request: Request, fields: FormData, session: Session, mine: Account) -> Response:
        account.check_last(mine, passkeys_go=1)
        passkeys.remove(door.book, mine.name, str(fields.get("passkey", "")))
        return account.ended_elsewhere(door, request, session, "The passkey is removed")

    return remove


def _taken(door: Door, request: Request, kind: str) -> Any:
    if state := pending.take(door.book, door.owner(request), kind):
        return state
    raise PorticoError(TOO_LATE, temporary=True)


def _answer(fields: FormData) -> dict[str, Any]:
    try:
        found = json.loads(str(fields.get("answer", "")))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise PorticoError(passkeys.REFUSED)
    return found


def _going(entered: Response, to: str) -> Response:
    """The script follows by itself; the cookies are the same."""
    response = JSONResponse({"to": to})
    response.raw_headers += [pair for pair in entered.raw_headers if pair[0] == b"set-cookie"]
    return response
