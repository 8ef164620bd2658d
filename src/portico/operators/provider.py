"""The company's identity provider, by OpenID Connect: a code, PKCE, a nonce, and a token that is checked."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped]
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from authlib.oidc.discovery import get_well_known_url  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portico.kit.errors import PorticoError, UnavailableError
from portico.operators import vouched
from portico.operators.vouched import Person, Provider

SCOPE = "openid profile email"
PATIENCE_S = 10.0
LEEWAY_S = 60
"""By which two machines' clocks may differ."""

KNOWN_S, FAILED_S = 300.0, 5.0
"""What a provider says of itself is asked this often at most, however often somebody begins to sign in."""

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signed by a key that only the provider has."""

REFUSED = "The company's provider didn't vouch for you."
_WHERE = "console/oidc_issuer"
_known: dict[str, tuple[float, dict[str, Any] | UnavailableError]] = {}


@dataclass(frozen=True, slots=True)
class Begun:
    """What waits in the browser's session for the answer."""

    state: str
    nonce: str
    verifier: str


def begin(provider: Provider, back: str, *, again: bool) -> tuple[str, Begun]:
    """Where to send the browser; `again` asks the person anew, whoever the provider thinks is there."""
    known = _discover(provider)
    begun = Begun(*(secrets.token_urlsafe(32) for _ in range(3)))
    way = prepare_grant_uri(
        known["authorization_endpoint"],
        provider.client_id,
        "code",
        back,
        SCOPE,
        begun.state,
        nonce=begun.nonce,
        code_challenge=create_s256_code_challenge(begun.verifier),
        code_challenge_method="S256",
        prompt="login" if again else None,
        max_age="0" if again else None,
    )
    return str(way), begun


def finish(provider: Provider, back: str, begun: Begun, answer: Mapping[str, str], now: float) -> Person:
    """Who came back with this answer in the address. Raises PorticoError."""
    known = _discover(provider)
    if not secrets.compare_digest(answer.get("state", ""), begun.state):
        raise PorticoError(REFUSED)
    if answer.get("iss", known["issuer"]) != known["issuer"] or "code" not in answer:
        raise PorticoError(REFUSED, hint=answer.get("error", "")[:60])
    asked = {
        "grant_type": "authorization_code",
        "code": answer["code"],
        "redirect_uri": back,
        "code_verifier": begun.verifier,
    }
    token = _fetch("POST", known["token_endpoint"], data=asked, auth=(provider.client_id, provider.secret))
    claims = _checked(provider, known, token, begun.nonce, now)
    if provider.claim not in claims and "userinfo_endpoint" in known:
        claims = {**_userinfo(known, token, claims["sub"]), **claims}
    return vouched.of(provider, claims)


def _checked(
    provider: Provider, known: Mapping[str, Any], token: Mapping[str, Any], nonce: str, now: float
) -> dict[str, Any]:
    """The claims of the token about who it is, after all of it was held against what was asked."""
    try:
        keys = KeySet.import_key_set({"keys": _fetch("GET", known["jwks_uri"])["keys"]})
        read = jwt.decode(token["id_token"], keys, algorithms=ALGORITHMS)
        claims = CodeIDToken(
            read.claims,
            read.header,
            {"iss": {"essential": True, "value": known["issuer"]}, "aud": {"value": provider.client_id}},
            {"nonce": nonce, "client_id": provider.client_id, "access_token": token.get("access_token")},
        )
        claims.validate(int(now), LEEWAY_S)
    except (JoseError, AuthlibBaseError, KeyError, ValueError, TypeError) as error:
        raise PorticoError(REFUSED, hint=f"{type(error).__name__}") from error
    return dict(claims)


def _userinfo(known: Mapping[str, Any], token: Mapping[str, Any], subject: str) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {token.get('access_token', '')}"}
    told = _fetch("GET", known["userinfo_endpoint"], headers=headers)
    if told.get("sub") != subject:
        raise PorticoError(REFUSED)
    return told


def _discover(provider: Provider) -> dict[str, Any]:
    until, known = _known.get(provider.issuer, (0.0, {}))
    if time.monotonic() >= until:
        known = _asked_or_failed(provider)
        lasts_s = FAILED_S if isinstance(known, UnavailableError) else KNOWN_S
        _known[provider.issuer] = time.monotonic() + lasts_s, known
    if isinstance(known, UnavailableError):
        raise known.with_traceback(None)
    return known


def _asked_or_failed(provider: Provider) -> dict[str, Any] | UnavailableError:
    try:
        return _asked(provider)
    except UnavailableError as error:
        return error


def _asked(provider: Provider) -> dict[str, Any]:
    known = _fetch("GET", get_well_known_url(provider.issuer, external=True))
    needed = {"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"}
    if not needed <= known.keys() or known["issuer"].rstrip("/") != provider.issuer.rstrip("/"):
        raise UnavailableError("what answers there isn't the provider that it should be", where=_WHERE)
    return known


def _fetch(method: str, url: str, **more: Any) -> dict[str, Any]:
    try:
        answer = httpx.request(method, url, timeout=PATIENCE_S, **more)
        answer.raise_for_status()
        found = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        why = f"the company's provider can't be asked: {type(error).__name__}"
        raise UnavailableError(why, where=_WHERE, temporary=True) from error
    if not isinstance(found, dict):
        raise UnavailableError("the company's provider answers strangely", where=_WHERE)
    return found
