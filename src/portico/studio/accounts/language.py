"""Editors read the studio in their own language: the one that they chose, else their browser's.

The site's own pages are told by their paths alone, which Django's LocaleMiddleware sees to.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

ACCOUNT, ADMIN = "/account/", "/studio/"


class Middleware:
    """In the admin Wagtail itself then asks for what a person chose."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith((ACCOUNT, ADMIN)):
            return self.get_response(request)
        with translation.override(_language(request)):
            return self.get_response(request)


def _language(request: HttpRequest) -> str:
    chosen = ""
    if request.path.startswith(ACCOUNT) and request.user.is_authenticated:
        profile = getattr(request.user, "wagtail_userprofile", None)
        chosen = profile.preferred_language if profile else ""
    return chosen or translation.get_language_from_request(request)
