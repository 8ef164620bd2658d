"""What there shall be at Datadog, and what there is: plain data, as its API takes and gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SLO, MONITOR, SYNTHETIC, DASHBOARD = "slo", "monitor", "synthetic", "dashboard"
ORDER = (SLO, MONITOR, SYNTHETIC, DASHBOARD)
"""What others refer to is made first, and deleted last."""

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Thing:
    """`slug` is its name in the ledger and in its tags, the same for as long as it means the same.

    A text in `body` may hold `{id:SLUG}`: the id of another one, which is put in once it is known.
    """

    kind: str
    slug: str
    body: Body


@dataclass(frozen=True, slots=True)
class Found:
    """An object there that bears this site's marks; `slug` is what they say."""

    kind: str
    id: str
    slug: str
    body: Body


@dataclass(frozen=True, slots=True)
class Skipped:
    """What is not made, and why."""

    slug: str
    why: str


@dataclass(frozen=True, slots=True)
class Site:
    """What the wanted objects are made from. `id` is lasting, `host` what visitors type."""

    id: str
    host: str
    tags: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()

    @property
    def scope(self) -> str:
        return f"portico_site:{self.id}"


def reference(slug: str) -> str:
    return f"{{id:{slug}}}"


def resolved(body: Any, ids: Mapping[str, str]) -> Any:
    """With the ids that are known in their places."""
    if isinstance(body, Mapping):
        return {key: resolved(value, ids) for key, value in body.items()}
    if isinstance(body, list | tuple):
        return [resolved(value, ids) for value in body]
    if isinstance(body, str) and "{id:" in body:
        for slug, known in ids.items():
            body = body.replace(reference(slug), known)
    return body
