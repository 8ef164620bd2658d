"""What the studio does otherwise than allauth: nobody signs up, secrets are sealed, groups give the roles."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render

from portico.studio.accounts import people, provider, sessions


class Account(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        return False

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:  # noqa: ARG002 - allauth's signature
        """Who has just signed in isn't asked again: the first thing to do then is to make a second factor."""
        return not sessions.just_begun(self.request)


class SecondFactor(DefaultMFAAdapter):
    """The key of an authenticator app is worth nothing to who has a copy of the database alone."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last one stays where one is required; `user reset` helps who has lost it."""
        if not settings.SECOND_FACTOR or authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        others = Authenticator.objects.filter(user=authenticator.user_id).exclude(pk=authenticator.pk)
        return others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


class Social(DefaultSocialAccountAdapter):
    """People of the company's identity provider: their groups there say what they may do here, each time."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 - its signature
        return _role(sociallogin) is not None

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 - its signature
        return True

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        role = _role(sociallogin)
        if role is None:
            raise ImmediateHttpResponse(
                render(request, "socialaccount/authentication_error.html", status=403)
            )
        if sociallogin.is_existing:
            people.give(sociallogin.user, role)

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        person = super().save_user(request, sociallogin, form)
        people.give(person, _role(sociallogin) or people.AUTHOR)
        return person


def came_from_provider(request: HttpRequest) -> bool:
    """Whether this session began there: the second factor is the provider's affair then."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "socialaccount" for record in records)


def _role(sociallogin: Any) -> str | None:
    oidc = settings.HERE.oidc
    return provider.role(sociallogin.account.extra_data, oidc) if oidc else None


def _box() -> Fernet:
    key = hashlib.sha256(b"studio second factor\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
