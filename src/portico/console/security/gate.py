"""The real gate: whoever isn't signed in sees nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import BaseRoute

from portico.console.desk import Desk
from portico.console.gate import Gate
from portico.console.security import account, passkey, prove, sign_in
from portico.console.security.door import Door
from portico.console.security.headers import Guard
from portico.operators.operator import Operator


def of(desk: Desk) -> Gate:
    return Real(Door.of(desk))


@dataclass(frozen=True, slots=True)
class Real:
    door: Door

    @property
    def routes(self) -> Sequence[BaseRoute]:
        parts = (sign_in, passkey, prove, account)
        return [*(route for part in parts for route in part.routes(self.door)), *_of_company(self.door)]

    @property
    def middleware(self) -> Sequence[Middleware]:
        return (Middleware(Guard, place=self.door.place),)

    def who(self, request: Request) -> Operator | None:
        return self.door.who(request)

    def token(self, request: Request) -> str:
        return self.door.token(request)

    def trusts(self, request: Request, token: str) -> bool:
        return self.door.trusts(request, token)

    def fresh(self, request: Request) -> bool:
        return self.door.fresh(request)


def _of_company(door: Door) -> Sequence[BaseRoute]:
    if door.company is None:
        return ()
    from portico.console.security import provided  # noqa: PLC0415 - 8 MB that only a provider is worth

    return provided.routes(door, door.company)
