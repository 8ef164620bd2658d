"""The real gate: whoever isn't signed in sees nothing."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import BaseRoute

from portico.console.desk import Desk
from portico.console.gate import Gate
from portico.operators.operator import Operator


def of(desk: Desk) -> Gate:
    return Closed(desk)


class Closed:
    """Lets nobody in."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.routes: Sequence[BaseRoute] = ()
        self.middleware: Sequence[Middleware] = ()

    def who(self, _request: Request) -> Operator | None:
        return None

    def token(self, _request: Request) -> str:
        return ""

    def trusts(self, _request: Request, _token: str) -> bool:
        return False

    def fresh(self, _request: Request) -> bool:
        return False
