"""What role the groups of an identity provider give. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portico.studio.environment import Oidc

STRONGEST_FIRST = ("admin", "publisher", "editor", "author")


def role(told: Mapping[str, Any], oidc: Oidc) -> str | None:
    """The strongest role that one of the person's groups gives; without any map everybody is an author."""
    if not oidc.roles:
        return "author"
    given = {oidc.roles[group] for group in _groups(told, oidc.claim) if group in oidc.roles}
    return next((name for name in STRONGEST_FIRST if name in given), None)


def _groups(told: Mapping[str, Any], claim: str) -> set[str]:
    """Allauth keeps both what the provider's userinfo says and what its token says."""
    found: set[str] = set()
    for part in (told, told.get("userinfo") or {}, told.get("id_token") or {}):
        groups = part.get(claim) or []
        found |= {groups} if isinstance(groups, str) else {str(group) for group in groups}
    return found
