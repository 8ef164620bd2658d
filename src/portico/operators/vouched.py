"""Whom the company's provider vouches for, and with which role. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portico.operators.operator import Role


@dataclass(frozen=True, slots=True)
class Provider:
    """What was agreed on with it. `roles` by group."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    claim: str
    roles: Mapping[str, Role]


@dataclass(frozen=True, slots=True)
class Person:
    """`subject` is who it is for ever; `name` is what to call them; `proven` is when they showed it."""

    subject: str
    name: str
    role: Role | None
    proven: float | None


def of(provider: Provider, claims: Mapping[str, Any]) -> Person:
    """What the claims say."""
    called = claims.get("preferred_username") or claims.get("email") or claims["sub"]
    name = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._@+-") else "-" for sign in called)
    role = strongest(_listed(claims.get(provider.claim)), provider.roles)
    proven = claims.get("auth_time")
    subject = f"{claims['iss']}#{claims['sub']}"
    return Person(subject, name.lower().lstrip("._@+-")[:64], role, float(proven) if proven else None)


def strongest(groups: Sequence[str], roles: Mapping[str, Role]) -> Role | None:
    """The role of the group that gives most."""
    return max((roles[group] for group in groups if group in roles), default=None)


def _listed(told: Any) -> list[str]:
    return [told] if isinstance(told, str) else [str(one) for one in told or []]
