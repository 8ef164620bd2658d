"""Who a request is from, and whether a button was pressed on our own page. `security` is the real one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import BaseRoute

from portico.operators.operator import Operator


class Gate(Protocol):
    """Stands before every page and every button."""

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """Its own pages: signing in and out, one's own account."""
        ...

    @property
    def middleware(self) -> Sequence[Middleware]:
        """What every answer goes through: headers above all."""
        ...

    def who(self, request: Request) -> Operator | None:
        """Who is signed in, or None. Asked again and again by a page that stays open."""
        ...

    def token(self, request: Request) -> str:
        """What a form of ours must bring back in its field `_token`."""
        ...

    def trusts(self, request: Request, token: str) -> bool:
        """Whether a button was pressed on a page of ours, in this session."""
        ...

    def fresh(self, request: Request) -> bool:
        """Whether this person proved lately who they are, as a dangerous button asks."""
        ...
