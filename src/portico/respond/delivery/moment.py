"""All that is known when it is worked out who is to be told what. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from portico.config.responding import Notify
from portico.ledger.asks import Ask
from portico.ledger.incidents import Incident
from portico.ledger.outbox import Told
from portico.ledger.silences import Silence
from portico.model import Severity
from portico.respond.delivery.oncall import Duty

RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.CRITICAL: 2}

ALONE = 0
"""The incident of what belongs to none."""

OPENED, AGAIN, WORSE, JOINED, ESCALATED, REPEATED, ASKED, RESOLVED = (
    "opened",
    "again",
    "worse",
    "joined",
    "escalated",
    "repeated",
    "asked",
    "resolved",
)
"""What a message tells of an incident."""


@dataclass(frozen=True)
class Moment:
    """All that there is to know: `incidents` are open, `ended` are over and not everybody knows."""

    now: float
    notify: Notify
    incidents: Collection[Incident] = ()
    ended: Collection[Incident] = ()
    told: Collection[Told] = ()
    silences: Collection[Silence] = ()
    asks: Collection[Ask] = ()
    duty: Duty = field(default_factory=Duty)
    begun: Collection[tuple[str, float]] = ()

    @cached_property
    def by_incident(self) -> Mapping[tuple[int, str], list[Told]]:
        """What each channel was told of each incident, the oldest first."""
        found: dict[tuple[int, str], list[Told]] = {}
        for told in self.told:
            found.setdefault((told.incident, told.channel), []).append(told)
        return found

    def told_to(self, incident: Incident, channel: str) -> list[Told]:
        """What it was told since it last heard that it was over: an incident may come again."""
        return since_over(self.ever_told(incident, channel))

    def ends_told(self, incident: Incident, channel: str) -> list[Told]:
        return [told for told in self.ever_told(incident, channel) if told.kind == RESOLVED]

    def ever_told(self, incident: Incident, channel: str) -> list[Told]:
        return self.by_incident.get((incident.id, channel), [])


def since_over(items: Sequence[Told]) -> list[Told]:
    """What was told after the last time that it was told to be over."""
    last = max((number for number, item in enumerate(items) if item.kind == RESOLVED), default=-1)
    return list(items[last + 1 :])
