"""What every answer of the console carries, and which requests get none but a refusal."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portico.console.security.place import Place

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'"
)
ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # without the path nobody would know where a button stood, and no other host gets it
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(),"
    " publickey-credentials-create=(self), publickey-credentials-get=(self)",
    "x-robots-tag": "noindex, nofollow",
}
HSTS = "max-age=31536000"
NOT_KEPT = "no-store"

_STATIC = "/static/"
_READING = {"GET", "HEAD"}


class Guard:
    """Stands around the whole application."""

    def __init__(self, app: ASGIApp, place: Place) -> None:
        self._app = app
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = HTTPConnection(scope)
        asked.state.secure = self._place.is_secure(asked)
        added = headers(scope["path"], secure=asked.state.secure)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                for name, value in added.items():
                    told.setdefault(name, value)
            await send(message)

        why = refusal(asked, scope["method"], self._place)
        answer = PlainTextResponse(why[1], why[0]) if why else self._app
        await answer(scope, receive, sending)


def headers(path: str, *, secure: bool) -> Mapping[str, str]:
    """What isn't said otherwise. Static files have names that change with their bytes."""
    kept = {} if path.startswith(_STATIC) else {"cache-control": NOT_KEPT}
    return {**ALWAYS, **kept, **({"strict-transport-security": HSTS} if secure else {})}


def refusal(asked: HTTPConnection, method: str, place: Place) -> tuple[int, str] | None:
    """Why this request isn't looked at, with the status."""
    if asked.scope["path"] == "/-/live":
        return None
    if not place.knows(asked):
        return 421, f"This console is at {place.address} ([console] address in portico.toml).\n"
    if method in _READING:
        return None
    if asked.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return 403, "This came from another page than the console's own.\n"
    if asked.headers.get("origin", place.origin(asked)) != place.origin(asked):
        return 403, "This came from another place than the console.\n"
    return None
