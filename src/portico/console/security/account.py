"""One's own account: the ways in, and where one is signed in. Who changes it proved lately who they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from portico.console import said
from portico.console.security import agent, picture
from portico.console.security.door import ACCOUNT, Door, Look
from portico.kit.errors import PorticoError
from portico.operators import passkeys, passwords, pending, sessions, totp
from portico.operators.accounts import Account
from portico.operators.sessions import Means, Session

APP, CODES = f"{ACCOUNT}/app", f"{ACCOUNT}/recovery-codes"
PROVE = "/prove"
LAST = "This is the last second factor: add another one first."
VOUCHED = "The company's provider alone lets you in, so that who leaves there is out here, too."
CODES_GONE = "Recovery codes are shown for ten minutes after they were made. Make new ones if you lack them."
_SECRET = "totp"  # noqa: S105 - the kind of what is pending

Change = Callable[[Request, FormData, Session, Account], Response]


def routes(door: Door) -> Sequence[BaseRoute]:
    return (
        door.page(ACCOUNT, _page(door)),
        door.page(APP, _app(door)),
        changing(door, APP, _activate(door)),
        changing(door, f"{APP}/remove", _remove_app(door)),
        changing(door, f"{ACCOUNT}/password", _password(door)),
        door.page(CODES, _codes(door)),
        changing(door, CODES, _new_codes(door)),
        door.button(f"{ACCOUNT}/sessions/end", _end_session(door)),
        door.button(f"{ACCOUNT}/sessions/end-others", _end_others(door)),
    )


def changing(door: Door, path: str, change: Change) -> Route:
    """A button that changes how somebody signs in."""

    def work(request: Request, fields: FormData) -> Response:
        session, account = door.here(request)
        if not may_change(door, session, account):
            return RedirectResponse(way_to_prove(ACCOUNT), 303)
        check_own(account)
        return change(request, fields, session, account)

    return door.button(path, work)


def may_change(door: Door, session: Session, account: Account) -> bool:
    """Who was invited has nothing yet to prove anything by; from then on there is something."""
    if session.means == Means.INVITED:
        return not account.came
    return sessions.is_fresh(session, door.limits, door.book.now)


def arrive(door: Door, session: Session, means: Means) -> None:
    """A way in was added here. Where it is the first one, nobody else is meant by the invitation."""
    with door.book.writing():
        if not door.opens(session):
            sessions.end_all(door.book, session.name, but=session, by=session.name)
        sessions.prove(door.book, session, means)


def check_own(account: Account) -> None:
    """Raises PorticoError for whom the provider vouches: ways in of their own would outlast its word."""
    if account.subject is not None:
        raise PorticoError(VOUCHED)


def way_to_prove(to: str) -> str:
    return f"{PROVE}?{urlencode({'next': to})}"


def check_last(account: Account, *, totp_goes: bool = False, passkeys_go: int = 0) -> None:
    """Raises PorticoError where the account would be left with a password alone, or without a way in."""
    left = (account.totp and not totp_goes) or account.passkeys > passkeys_go
    if not left:
        raise PorticoError(LAST)


def _page(door: Door) -> Look:
    def page(request: Request, session: Session, account: Account) -> Response:
        return door.show(
            request,
            "account",
            "Your account",
            account=account,
            session=session,
            opens=door.opens(session),
            agent=agent.words,
            passkeys=passkeys.of(door.book, account.name),
            sessions=sessions.of(door.book, account.name),
        )

    return page


def _app(door: Door) -> Look:
    def app(request: Request, session: Session, account: Account) -> Response:
        if not may_change(door, session, account):
            return RedirectResponse(way_to_prove(APP), 303)
        if account.subject is not None:
            return door.say(request, ACCOUNT, said.Said(trouble=VOUCHED))
        secret = pending.look(door.book, door.owner(request), _SECRET) or totp.new_secret()
        pending.keep(door.book, door.owner(request), _SECRET, secret)
        address = totp.address(secret, account.name, door.place.host)
        return door.show(request, "app", "Authenticator app", secret=secret, qr=picture.of(address))

    return app


def _activate(door: Door) -> Change:
    def activate(request: Request, fields: FormData, session: Session, account: Account) -> Response:
        secret = pending.look(door.book, door.owner(request), _SECRET)
        if not account.password:
            raise PorticoError("Choose a password first: the code comes on top of it.")
        if secret is None:
            raise PorticoError("That took too long. Scan the new picture, please.")
        if not totp.activate(door.book, account.name, secret, str(fields.get("code", ""))):
            raise PorticoError("That code doesn't fit. Is the phone's clock right?")
        pending.take(door.book, door.owner(request), _SECRET)
        arrive(door, session, Means.TOTP)
        return _made_codes(door, session, account)

    return activate


def _remove_app(door: Door) -> Change:
    def remove(request: Request, _fields: FormData, session: Session, account: Account) -> Response:
        check_last(account, totp_goes=True)
        totp.remove(door.book, account.name)
        return ended_elsewhere(door, request, session, "The authenticator app is no longer a way in")

    return remove


def ended_elsewhere(door: Door, request: Request, session: Session, what: str) -> Response:
    """Whoever had what was changed may have signed in by it, too."""
    sessions.end_all(door.book, session.name, but=session, by=session.name)
    return door.say(request, ACCOUNT, said.Said(f"{what}; other sessions have ended."))


def _password(door: Door) -> Change:
    def change(request: Request, fields: FormData, session: Session, account: Account) -> Response:
        password = str(fields.get("password", ""))
        if password != str(fields.get("again", "")):
            raise PorticoError("The two passwords differ.")
        if why := passwords.weakness(password, account.name):
            raise PorticoError(why)
        passwords.change(door.book, account.name, password)
        if session.means == Means.INVITED:
            sessions.prove(door.book, session, Means.PASSWORD)
        return ended_elsewhere(door, request, session, "The password is changed")

    return change


def _new_codes(door: Door) -> Change:
    def make(_request: Request, _fields: FormData, session: Session, account: Account) -> Response:
        return _made_codes(door, session, account)

    return make


def _made_codes(door: Door, session: Session, account: Account) -> Response:
    """They are shown on a page of their own: loaded again, it doesn't void what was just written down."""
    door.codes.keep(session.digest, totp.new_recovery_codes(door.book, account.name))
    return RedirectResponse(CODES, 303)


def _codes(door: Door) -> Look:
    def shown(request: Request, session: Session, _account: Account) -> Response:
        if codes := door.codes.of(session.digest):
            return door.show(request, "recovery-codes", "Recovery codes", codes=codes)
        return door.say(request, ACCOUNT, said.Said(trouble=CODES_GONE))

    return shown


def _end_session(door: Door) -> Callable[[Request, FormData], Response]:
    def end(request: Request, fields: FormData) -> Response:
        _, account = door.here(request)
        of_mine = {one.digest: one for one in sessions.of(door.book, account.name)}
        if chosen := of_mine.get(str(fields.get("session", ""))):
            sessions.end(door.book, chosen)
        return door.say(request, ACCOUNT, said.Said("That session has ended."))

    return end


def _end_others(door: Door) -> Callable[[Request, FormData], Response]:
    def end(request: Request, _fields: FormData) -> Response:
        session, account = door.here(request)
        ended = sessions.end_all(door.book, account.name, but=session, by=account.name)
        return door.say(request, ACCOUNT, said.Said(f"You are signed out everywhere else ({ended})."))

    return end
