"""What a person is told on the next page, once: in a signed cookie, so that no link puts words there."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

KEPT_S = 60
_LONGEST = 2_000
"""A cookie holds 4 KiB."""

_key = secrets.token_bytes(32)
"""Of this process alone: what was said before a restart is lost, and nothing else."""


@dataclass(frozen=True, slots=True)
class Said:
    """`said` is news, `trouble` is why something didn't work."""

    said: str = ""
    trouble: str = ""


def cookie(request: Request) -> str:
    """Its name: cookies know no ports, and two stacks on one machine shall not hush each other."""
    return "__Host-console-said" if _is_secure(request) else f"console-said-{request.url.port or 80}"


def put(request: Request, response: Response, to: str, told: Said) -> None:
    """`to` is the token of the session that shall hear it."""
    if told == Said():
        return
    short = Said(told.said[:_LONGEST], told.trouble[:_LONGEST])
    response.set_cookie(
        cookie(request),
        _signer(to).dumps(asdict(short)),
        max_age=KEPT_S,
        path="/",
        secure=_is_secure(request),
        httponly=True,
        samesite="lax",
    )


def take(request: Request, to: str) -> Said:
    """What was said to this session; `forget` it with the answer."""
    try:
        told = _signer(to).loads(request.cookies.get(cookie(request), ""), max_age=KEPT_S)
        return Said(**told)
    except (BadData, TypeError):
        return Said()


def forget(request: Request, response: Response) -> None:
    if (name := cookie(request)) in request.cookies:
        response.delete_cookie(name, path="/", secure=_is_secure(request), httponly=True, samesite="lax")


def _is_secure(request: Request) -> bool:
    """Whether the browser speaks https, as `security.headers` found out."""
    return bool(getattr(request.state, "secure", False))


def _signer(to: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_key, salt=f"portico.console.said.{to}")
