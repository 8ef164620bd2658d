"""What a browser may load and run on the studio's own pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HEADER = "Content-Security-Policy"
COMMON = "object-src 'none'; base-uri 'none'; form-action 'self'"
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    f"connect-src 'self'; frame-ancestors 'none'; {COMMON}"
)
WAGTAIL = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    f"img-src 'self' data: blob:; font-src 'self' data:; frame-ancestors 'self'; {COMMON}"
)
"""Wagtail's widgets bring scripts in their markup, and put them in anew as blocks are added: no nonce reaches
those. So nothing is loaded from, sent to or framed by anybody else: as strict as its admin gets."""


def policy(path: str) -> str | None:
    """Pages of the site itself, in a preview, bring their own. Pure."""
    if path.startswith("/account/"):
        return STRICT
    return WAGTAIL if path.startswith("/studio/") else None


class Middleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        told = policy(request.path)
        if told is not None:
            response.headers.setdefault(HEADER, told)
        return response
