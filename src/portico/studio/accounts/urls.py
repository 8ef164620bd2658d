"""The ways in. Wagtail's own sign-in and password pages know of no second factor: they lead here."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path, re_path
from django.views.generic import RedirectView

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("account/login/", include("allauth.socialaccount.urls")),
    re_path(
        r"^studio/(?:login|password_reset)/",
        RedirectView.as_view(pattern_name="account_login", query_string=True),
    ),
]

if settings.HERE.oidc is not None:
    urlpatterns.append(path("account/", include("allauth.socialaccount.providers.openid_connect.urls")))
