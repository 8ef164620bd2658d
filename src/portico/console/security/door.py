"""What the pages for signing in have in common: who is there, how they are let in, how a page is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from anyio import to_thread
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from portico.config import console
from portico.console import form, frame, said, within
from portico.console.desk import Desk
from portico.console.security import cookies
from portico.console.security.begun import Begun
from portico.console.security.codes import Codes
from portico.console.security.company import Company
from portico.console.security.cookies import Jar
from portico.console.security.place import Place
from portico.console.security.turns import Turns
from portico.kit.errors import PorticoError
from portico.operators import accounts, book, sessions
from portico.operators.accounts import Account
from portico.operators.book import Book
from portico.operators.operator import Operator
from portico.operators.sessions import Limits, Means, Session

SIGN_IN, ACCOUNT = "/sign-in", "/account"
TOO_OLD = "This page is too old. Go back, load it again and press once more."
SIGNED_OUT = "You are signed out. Sign in again, please."

_BY_SCRIPTS = (f"{frame.LIVE}/", "/data/")
"""What an open page asks for by itself."""

Look = Callable[[Request, Session, Account], Response]
Work = Callable[[Request, FormData], Response]


@dataclass(frozen=True, slots=True)
class Door:
    desk: Desk
    book: Book
    place: Place
    limits: Limits
    second_factor: bool
    company: Company | None
    passwords: Turns = field(default_factory=Turns)
    begun: Begun = field(default_factory=Begun)
    codes: Codes = field(default_factory=Codes)

    @classmethod
    def of(cls, desk: Desk) -> Door:
        asked = desk.settings.console
        place = Place(console.address(desk.home, asked), asked.listen, proxied=asked.address is not None)
        limits = Limits(asked.idle_minutes * 60, asked.session_hours * 3600, asked.fresh_minutes * 60)
        return cls(
            desk,
            Book(desk.home.operators, desk.ledger),
            place,
            limits,
            asked.second_factor,
            Company.of(asked),
        )

    # who is there

    def session(self, request: Request) -> Session | None:
        """Of whoever is there, also if only invited. What a script asks for is no sign of a person."""
        used = not request.url.path.startswith(_BY_SCRIPTS)
        visitor = self.place.visitor(request)
        return sessions.find(
            self.book, self.jar(request).get(cookies.SESSION), visitor, self.limits, used=used
        )

    def opens(self, session: Session) -> bool:
        return session.means.opens(second_factor=self.second_factor)

    def who(self, request: Request) -> Operator | None:
        session = self.session(request)
        if session is None or not self.opens(session):
            return None
        account = accounts.find(self.book, session.name)
        return account.operator if account else None

    def here(self, request: Request) -> tuple[Session, Account]:
        """Raises PorticoError where nobody is signed in, or invited."""
        if (session := self.session(request)) and (account := accounts.find(self.book, session.name)):
            return session, account
        raise PorticoError(SIGNED_OUT)

    def fresh(self, request: Request) -> bool:
        session = self.session(request)
        return session is not None and sessions.is_fresh(session, self.limits, self.book.now)

    # what a browser keeps, and what a form brings back

    def jar(self, request: Request) -> Jar:
        return Jar(request, self.place.is_secure(request))

    def owner(self, request: Request) -> str:
        """The browser's own token, of its session or its visit; empty where it has none."""
        jar = self.jar(request)
        return jar.get(cookies.SESSION) or jar.get(cookies.VISIT)

    def token(self, request: Request) -> str:
        return cookies.form_token(self.owner(request))

    def trusts(self, request: Request, token: str) -> bool:
        return book.same(self.token(request), token)

    # the ways in and out

    def let_in(self, request: Request, name: str, means: Means, to: str) -> Response:
        """The session of before in this browser ends: nobody would find it again to end it."""
        if before := self.session(request):
            sessions.end(self.book, before)
        visitor = self.place.visitor(request)
        token = sessions.begin(self.book, name, means, visitor, self.limits)
        response = RedirectResponse(to, 303)
        self.jar(request).put(response, cookies.SESSION, token, self.limits.longest_s)
        self.jar(request).drop(response, cookies.VISIT)
        return response

    def let_out(self, request: Request, to: str) -> Response:
        response = RedirectResponse(to, 303)
        self.jar(request).drop(response, cookies.SESSION)
        return response

    # pages and buttons of this package

    def show(self, request: Request, template: str, title: str, **told: Any) -> Response:
        """A page outside of the menu. Who has no session gets a visit, which its form is bound to."""
        owner = self.owner(request) or book.token()
        token = cookies.form_token(owner)
        visit = frame.Visit(self.desk, request, None, token, said.take(request, token))
        titled = frame.Titled(title)
        html = visit.renderer().template(
            f"security/{template}.html", page=titled, door=self, request=request, company=self.company, **told
        )
        response = HTMLResponse(html)
        said.forget(request, response)
        if not self.owner(request):
            self.jar(request).put(response, cookies.VISIT, owner)
        return response

    def say(self, request: Request, to: str, told: said.Said) -> Response:
        response = RedirectResponse(to, 303)
        said.put(request, response, self.token(request), told)
        return response

    def page(self, path: str, look: Look) -> Route:
        """For whoever is signed in, or invited."""

        def shown(request: Request) -> Response:
            try:
                session, account = self.here(request)
            except PorticoError:
                return RedirectResponse(f"{SIGN_IN}?{urlencode({'next': path})}", 303)
            return look(request, session, account)

        return Route(path, shown, methods=["GET"])

    def button(self, path: str, work: Work, turns: Turns | None = None) -> Route:
        """A POST that only a page of ours may send; why it failed is said on that page.

        What is slow, and open to everybody, is done in turns.
        """
        run = turns.take if turns else to_thread.run_sync

        async def press(request: Request) -> Response:
            fields = await form.read(request)
            if not self.trusts(request, str(fields.get("_token", ""))):
                raise HTTPException(403, TOO_OLD)
            try:
                return await run(work, request, fields)
            except PorticoError as error:
                return self.say(request, within.before(request), said.Said(trouble=str(error)))

        return Route(path, press, methods=["POST"])
