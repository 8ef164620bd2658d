"""The nouns of Portico, frozen. Imports nothing of the house; every layer speaks in these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Digest = str
"""SHA-256 as 64 lower-case hex characters; names a body, a shard or a snapshot."""

Header = tuple[str, str]
"""Lower-case name and value."""

MIRROR = "mirror"
SITE, STATUS = "site", "status"
"""What is published: the homepage, and the public page that says how it is."""

WATCHER, STUDIO, FREEZER, RELAY, CONSOLE = "watcher", "studio", "freezer", "relay", "console"
HELPERS = (WATCHER, STUDIO, FREEZER, RELAY, CONSOLE)
"""The processes beside those that serve; a visitor needs none of them."""

ENCODINGS = ("br", "zstd", "gzip")
"""Content codings of a body that a store may hold, the best for browsers first."""


def slots(cluster: str, count: int) -> tuple[str, ...]:
    """The names of a cluster's replicas, `a1` to `aN`."""
    return tuple(f"{cluster}{number}" for number in range(1, count + 1))


@dataclass(frozen=True, slots=True)
class Entry:
    """What one path answers. A redirect has a `location` header and no body (`digest` is empty)."""

    status: int
    headers: tuple[Header, ...]
    digest: Digest
    size: int

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class RedirectRule:
    """A `_redirects` line with `*` or `:name` in it. `status` 200 is a rewrite, 3xx a redirect."""

    pattern: str
    target: str
    status: int


class Health(StrEnum):
    """The state of a replica, as people and scripts read it."""

    UP = "up"
    STARTING = "starting"
    DRAINED = "drained"
    HUNG = "hung"
    DOWN = "down"
    WAITING = "waiting"


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something is off. `key` names the same trouble over time, `sentence` tells it to a person.

    `data` says where, for grouping: any of cluster, replica, part, metric, and `drill` when it is practised.
    """

    key: str
    severity: Severity
    sentence: str
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def alert(self) -> str:
        """The alert's name, which is the runbook's too: the key up to its first colon."""
        return self.key.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, in the ledger's hash chain. `at` in seconds since the epoch."""

    seq: int
    at: float
    kind: str
    subject: str
    data: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asked for. `state` is one of waiting, taken, done, failed."""

    id: int
    at: float
    kind: str
    args: Mapping[str, Any]
    by: str
    state: str
    result: Mapping[str, Any] = field(default_factory=dict)
