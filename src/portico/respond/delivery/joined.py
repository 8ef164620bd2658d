"""Which troubles a channel was told of, and which joined the incident since. Pure.

Each message of an incident says of which troubles it tells, by `marks`: so each is told once.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from portico.config.responding import Channel
from portico.ledger.incidents import Incident, Member
from portico.model import Severity
from portico.respond.delivery import holding
from portico.respond.delivery.moment import JOINED, RANK, Moment

EVERY_S = 30.0
"""A channel hears no more often what joined an incident, unless it is critical."""

GATHER_S = 3.0
"""What is critical waits for what comes right after it."""


def news(moment: Moment, channel: Channel, incident: Incident) -> tuple[Member, ...]:
    """What is to be told now of that which joined since the channel was told; the worst comes first."""
    told = moment.ever_told(incident, channel.name)
    known = {item.step for item in told if item.kind == JOINED}
    new = [
        one
        for one in troubles(incident)
        if _goes_on(one)
        and _mark(one.key, one.severity) not in known
        and RANK[one.severity] >= RANK[Severity(channel.severity)]
        and not holding.is_hushed(moment, incident, one)
    ]
    urgent = any(one.severity is Severity.CRITICAL for one in new)
    began, last = min((one.since for one in new), default=0.0), max(item.at for item in told)
    waits = 0 <= moment.now - began < GATHER_S if urgent else 0 <= moment.now - last < EVERY_S
    return () if waits else tuple(sorted(new, key=lambda one: (-RANK[one.severity], one.since)))


def marks(incident: Incident) -> Iterator[int]:
    """The numbers of the troubles that a message of the incident tells; what gets better isn't told anew."""
    for one in troubles(incident):
        yield from (_mark(one.key, level) for level in Severity if 0 < RANK[level] <= RANK[one.severity])


def troubles(incident: Incident) -> list[Member]:
    """What people are told of: neither evidence, nor what a larger trouble says already."""
    return [
        one
        for one in incident.members
        if one.severity is not Severity.INFO and "inhibited_by" not in one.data
    ]


def _goes_on(trouble: Member) -> bool:
    """What was mended too often is told though it is over."""
    return trouble.over is None or bool(trouble.data.get("mended"))


def _mark(key: str, severity: Severity) -> int:
    return zlib.crc32(f"{key} {severity}".encode())
