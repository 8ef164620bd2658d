"""Everybody has a second factor, made at the first sign-in; nothing else opens before."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portico.studio.accounts import adapters

OPEN = ("/account/", "/static/", "/live")
KNOWN = "second_factor"
KINDS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class Middleware:
    """Who has one was asked for it when signing in, by allauth; the session remembers that it is there."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.SECOND_FACTOR or request.path.startswith(OPEN) or _known(request):
            return self.get_response(request)
        if not is_mfa_enabled(request.user, KINDS) and not adapters.came_from_provider(request):
            return redirect("mfa_index")
        request.session[KNOWN] = request.user.pk
        return self.get_response(request)


def _known(request: HttpRequest) -> bool:
    return not request.user.is_authenticated or request.session.get(KNOWN) == request.user.pk
