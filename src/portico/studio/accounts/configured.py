"""What Django and allauth are told about signing in, from the environment alone. Pure.

No open sign-up: people are invited (`python -m portico.studio user add`), or come from the company's own
identity provider.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from portico.studio.environment import Environment

IDLE_S = 8 * 3600
INVITED_S = 24 * 3600
TRUSTED_S = 900
"""For so long after signing in, or confirming who one is, the ways to sign in can be changed."""

YEAR_S = 365 * 24 * 3600

APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django.contrib.humanize",
]
MIDDLEWARE = [
    "allauth.account.middleware.AccountMiddleware",
    "portico.studio.accounts.sessions.Middleware",
    "portico.studio.accounts.second_factor.Middleware",
]


def settings(here: Environment) -> dict[str, Any]:
    secure = here.address.startswith("https://")
    return (
        _passwords() | _sign_in(here, secure=secure) | _cookies(secure=secure) | _network(here, secure=secure)
    )


def _passwords() -> dict[str, Any]:
    rules = "django.contrib.auth.password_validation"
    return {
        # memory-hard, with the parameters that OWASP names, and in the standard library
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.ScryptPasswordHasher"],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"{rules}.UserAttributeSimilarityValidator"},
            {"NAME": f"{rules}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
            {"NAME": f"{rules}.CommonPasswordValidator"},
            {"NAME": f"{rules}.NumericPasswordValidator"},
        ],
        "PASSWORD_RESET_TIMEOUT": INVITED_S,
    }


def _sign_in(here: Environment, *, secure: bool) -> dict[str, Any]:
    return {
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "/studio/",
        "WAGTAILADMIN_LOGIN_URL": "account_login",
        # one way in, and one place for passwords: allauth's
        "WAGTAIL_PASSWORD_RESET_ENABLED": False,
        "WAGTAIL_PASSWORD_MANAGEMENT_ENABLED": False,
        "WAGTAILUSERS_PASSWORD_ENABLED": False,
        "SECOND_FACTOR": here.second_factor,
        "ACCOUNT_ADAPTER": "portico.studio.accounts.adapters.Account",
        "ACCOUNT_LOGIN_METHODS": {"username", "email"},
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_LOGIN_ON_PASSWORD_RESET": True,
        "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": True,
        "ACCOUNT_LOGOUT_REDIRECT_URL": "account_login",
        "ACCOUNT_REAUTHENTICATION_TIMEOUT": TRUSTED_S,
        "ACCOUNT_SESSION_REMEMBER": True,
        "ACCOUNT_SESSION_COOKIE_AGE": IDLE_S,
        "ACCOUNT_DEFAULT_HTTP_PROTOCOL": "https" if secure else "http",
        "MFA_ADAPTER": "portico.studio.accounts.adapters.SecondFactor",
        "MFA_SUPPORTED_TYPES": ["webauthn", "totp", "recovery_codes"],
        "MFA_FORMS": {"add_webauthn": "portico.studio.accounts.forms.AddPasskey"},
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_ALLOW_UNVERIFIED_EMAIL": True,
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": not secure,  # browsers allow it for localhost alone
        "MFA_TOTP_ISSUER": "Portico Studio",
        "SOCIALACCOUNT_ADAPTER": "portico.studio.accounts.adapters.Social",
        "SOCIALACCOUNT_PROVIDERS": _provider(here),
        "SOCIALACCOUNT_STORE_TOKENS": False,
    }


def _provider(here: Environment) -> dict[str, Any]:
    if here.oidc is None:
        return {}
    app = {
        "provider_id": "company",
        "name": here.oidc.name,
        "client_id": here.oidc.client,
        "secret": here.oidc.secret,
        "settings": {"server_url": here.oidc.issuer, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def _cookies(*, secure: bool) -> dict[str, Any]:
    prefix = "__Host-" if secure else ""
    return {
        "SESSION_COOKIE_NAME": f"{prefix}studio-session",
        "SESSION_COOKIE_AGE": IDLE_S,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "CSRF_COOKIE_NAME": f"{prefix}studio-csrf",
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SECURE": secure,
    }


def _network(here: Environment, *, secure: bool) -> dict[str, Any]:
    """Whoever gives the studio an https address puts a door before it: granian speaks plain HTTP."""
    own, site = urlsplit(here.address), urlsplit(here.site)
    local = ["localhost", "127.0.0.1", "[::1]"]
    told: dict[str, Any] = {
        "ALLOWED_HOSTS": sorted({name for name in (own.hostname, site.hostname, *local) if name}),
        "CSRF_TRUSTED_ORIGINS": [f"{own.scheme}://{own.netloc}"],
        "X_FRAME_OPTIONS": "DENY",
        "SECURE_REFERRER_POLICY": "same-origin",
    }
    if not secure:
        return told
    return told | {
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_REDIRECT_EXEMPT": [r"^live$"],
        "SECURE_HSTS_SECONDS": YEAR_S,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        # preloading is a whole domain's affair, and the studio is a host of it
        "SILENCED_SYSTEM_CHECKS": ["security.W021"],
    }
