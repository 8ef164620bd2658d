"""What the console keeps in a browser: the token of a session, or of a visit before signing in."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

SESSION, VISIT = "console", "console-visit"


@dataclass(frozen=True, slots=True)
class Jar:
    """`secure` where the request came by https: the browser then holds the cookie to that very host."""

    request: Request
    secure: bool

    def get(self, kind: str) -> str:
        return self.request.cookies.get(self._name(kind), "")

    def put(self, response: Response, kind: str, token: str, lasts_s: float | None = None) -> None:
        """SameSite is Lax: a link in a message has to find its reader signed in."""
        response.set_cookie(
            self._name(kind),
            token,
            max_age=None if lasts_s is None else int(lasts_s),
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def drop(self, response: Response, kind: str) -> None:
        if self.get(kind):
            response.delete_cookie(
                self._name(kind), path="/", secure=self.secure, httponly=True, samesite="lax"
            )

    def _name(self, kind: str) -> str:
        """Cookies know no ports: two stacks on one machine shall not sign each other out."""
        return f"__Host-{kind}" if self.secure else f"{kind}-{self.request.url.port or 80}"


def form_token(token: str) -> str:
    """What a form brings back: who has it has the cookie, and who reads it doesn't get the cookie."""
    return hmac.new(token.encode(), b"portico console form", hashlib.sha256).hexdigest() if token else ""
