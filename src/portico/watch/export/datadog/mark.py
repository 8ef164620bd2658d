"""How what is ours is known at Datadog: the site's lasting id, and the tags made of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

MANAGED = "managed-by:portico"
SITE, OBJECT, ALERT = "portico_site", "portico_object", "portico_alert"
ALL = "all"
"""The alert of the monitor that watches all of them, and that we say anything at all."""


def site_id(public_key: Path) -> str:
    """The same for as long as the signing key is: over moves, restores, new names. Raises OSError."""
    return hashlib.sha256(public_key.read_bytes()).hexdigest()[:12]


def of_site(site: str) -> str:
    return f"{SITE}:{site}"


def sent(site: str, more: Sequence[str]) -> tuple[str, ...]:
    """The tags of all that is sent."""
    return (of_site(site), *more)


def made(site: str, slug: str, more: Sequence[str]) -> list[str]:
    """The tags of an object that we made."""
    return sorted({MANAGED, of_site(site), f"{OBJECT}:{slug}", *more})


def value(tags: Sequence[str], name: str) -> str | None:
    """What stands behind `name:` in these tags."""
    return next((tag.partition(":")[2] for tag in tags if tag.startswith(f"{name}:")), None)


def is_ours(tags: Sequence[str], site: str) -> bool:
    return MANAGED in tags and of_site(site) in tags
