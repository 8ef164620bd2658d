"""Makes incidents of what is found, and of what was mended unseen: `keep`, at each of the watcher's ticks.

It reads the ledger's events from where it was and writes in one transaction, so a call that is cut short
leaves nothing half done, and the next one goes on.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

from portico.ledger import incidents
from portico.ledger.incidents import Incident, Member
from portico.ledger.ledger import Ledger
from portico.model import Event, Finding, Severity
from portico.respond import practice
from portico.respond.incidents import causes, grouping, mended, naming
from portico.watch.alerts.table import ALERTS

CURSOR = "incidents"
"""Where the ledger says up to which event it was read."""

_KINDS = ("finding.open", "finding.changed", "finding.over", *mended.KINDS)
_MARKS = ", ".join("?" for _ in _KINDS)

Harm = Callable[[float, float], int | None]
"""How many visitors were answered badly from when to when; None where nobody knows."""


def keep(ledger: Ledger, now: float, harm: Harm = lambda _start, _end: None) -> None:
    """Bring the incidents up to what the ledger tells. Cheap when there is nothing new."""
    if not _is_due(ledger, now):
        return
    with ledger.writing():
        known = ledger.seen(CURSOR)
        desk = _Desk(ledger, harm)
        for event in _news(ledger, known[0]) if known else _adopted(ledger):
            desk.move(event.at)
            desk.take(event)
        desk.move(now)
        desk.write()


def _is_due(ledger: Ledger, now: float) -> bool:
    known = ledger.seen(CURSOR)
    if known is None or _news(ledger, known[0]):
        return True
    return any(
        grouping.is_over(incident, now) or any(mended.after(one, now) != one for one in incident.members)
        for incident in incidents.current(ledger)
    )


def _news(ledger: Ledger, cursor: int) -> list[Event]:
    """The events since the last call that tell of troubles."""
    rows = ledger.ask(
        "SELECT seq, at, kind, subject, data, hash FROM events"  # noqa: S608 - marks only
        f" WHERE kind IN ({_MARKS}) AND seq > ? ORDER BY seq",
        (*_KINDS, cursor),
    )
    return [Event(seq, at, kind, told, json.loads(data), known) for seq, at, kind, told, data, known in rows]


def _adopted(ledger: Ledger) -> list[Event]:
    """At the very first call: the findings that are open already."""
    ledger.see(CURSOR, ledger.ask("SELECT coalesce(max(seq), 0) FROM events")[0][0])
    return [_as_event(found) for found in ledger.findings()]


def _as_event(found: tuple[Finding, float]) -> Event:
    finding, since = found
    told = {"severity": finding.severity, "sentence": finding.sentence, "where": dict(finding.data)}
    return Event(0, since, "finding.open", finding.key, told, "")


class _Desk:
    """The incidents that are open or were a moment ago, while news are worked in."""

    def __init__(self, ledger: Ledger, harm: Harm) -> None:
        self._ledger = ledger
        self._harm = harm
        self._read_to = 0
        self._loaded = False
        self._before: dict[int, Incident] = {}
        self._now: dict[int, Incident] = {}

    def take(self, event: Event) -> None:
        self._read_to = event.seq
        match event.kind:
            case "finding.open" | "finding.changed":
                self._found(self._marked(_member(event)))
            case "finding.over":
                self._over(event.subject, event.at)
            case _ if key := mended.ended(event):
                self._over(key, event.at)
            case _ if trouble := mended.began(event):
                self._mended(self._marked(trouble))

    def move(self, at: float) -> None:
        """What time alone changes: tell what wasn't mended by then, close what was over for a while."""
        self._load(at - grouping.REOPEN_S)
        for incident in self._open():
            for one in incident.members:
                if (moved := mended.after(one, at)) != one:
                    self._set(_with(self._now[incident.id], moved))
        for incident in self._open():
            if grouping.is_over(incident, at):
                self._set(self._closed(incident, incident.ended or at))

    def _closed(self, incident: Incident, ended: float) -> Incident:
        closed, affected = ended + grouping.QUIET_S, self._harm(incident.opened, ended)
        members = tuple(replace(one, over=one.over or closed) for one in incident.members)
        data = {**incident.data, **({} if affected is None else {"affected": affected})}
        return replace(incident, closed=closed, members=members, data=data)

    def write(self) -> None:
        """Everything that changed, with an event for each change that somebody may want to know of."""
        for number, incident in self._now.items():
            before = self._before.get(number)
            if incident is not before:
                judged = self._judged(incident)
                incidents.put(self._ledger, judged)
                self._tell(before, judged)
                if before:
                    self._ask_again(before, judged)
        if self._read_to:
            self._ledger.see(CURSOR, self._read_to)

    def _ask_again(self, before: Incident, incident: Incident) -> None:
        """Who acknowledged answered for what was known then, not for what came since."""
        new = naming.unanswered(before, incident)
        if before.acknowledged is None or new is None:
            return
        data = {**incident.data, "asked_again": self._ledger.now}
        incidents.put(self._ledger, replace(incident, data=data))
        incidents.ask_again(self._ledger, incident.id, why=new.sentence, answered=before.acknowledged_by)

    def _load(self, since: float) -> None:
        """Once, at the first event's time: those before it can't be meant."""
        if self._loaded:
            return
        self._loaded = True
        for incident in incidents.since(self._ledger, since):
            self._before[incident.id] = self._now[incident.id] = incident

    def _open(self) -> list[Incident]:
        return [incident for incident in self._now.values() if incident.open]

    def _marked(self, trouble: Member) -> Member:
        """What real damage of a drill does to the stack is practised too, whoever finds it."""
        mark = practice.damage(self._ledger, ALERTS, trouble.since)
        return replace(trouble, data={**trouble.data, **mark}) if mark else trouble

    def _held(self, trouble: Member) -> Member:
        """What the keeper is about to mend, unless that repeats, or is practised to be told."""
        alert = ALERTS.get(trouble.alert)
        chance_s = alert.for_s if alert and alert.source == "keeper" else 0.0
        if not chance_s or trouble.evidence or trouble.practised or self._times(trouble) >= mended.REPEATS:
            return trouble
        return mended.held(trouble, chance_s)

    def _found(self, trouble: Member) -> None:
        """Evidence that becomes a trouble is judged as one, and may well belong elsewhere."""
        known = [(incident, one) for incident in self._open() for one in _going_on(incident, trouble.key)]
        rises = not trouble.evidence and all(one.evidence for _, one in known)
        if known and not rises:
            incident, one = min(known, key=lambda found: found[1].evidence)
            self._set(_with(incident, mended.changed(one, trouble)))
            return
        for incident, one in known:
            self._set(_with(incident, mended.over(one, trouble.since)))
        self._join(self._held(trouble))

    def _mended(self, trouble: Member) -> None:
        """The same replica that hangs and is then killed is one trouble; one that comes again is told."""
        if any(_going_on(incident, trouble.key) for incident in self._open()):
            return
        times = self._times(trouble)
        self._join(mended.repeated(trouble, times) if times >= mended.REPEATS else trouble)

    def _times(self, trouble: Member) -> int:
        """The how manieth time it is, of late."""
        return 1 + incidents.times_seen(self._ledger, trouble.key, trouble.since - mended.REPEATS_S)

    def _join(self, trouble: Member) -> None:
        incident = grouping.home(trouble, self._now.values())
        if incident is None and trouble.evidence:
            return
        if incident is None:
            self._open_one(trouble)
            return
        if swallowing := grouping.inhibitor(trouble, incident.members):
            trouble = replace(trouble, data={**trouble.data, "inhibited_by": swallowing})
        if not incident.open:
            data = {**incident.data, "reopened": incident.data.get("reopened", 0) + 1}
            data.pop("affected", None)
            incident = replace(incident, closed=None, data=data)
        self._set(_with(incident, trouble))

    def _open_one(self, trouble: Member) -> None:
        around = grouping.evidence([_of(found) for found in self._ledger.findings()], trouble)
        members, title = (trouble, *around), trouble.sentence
        self._set(Incident(0, trouble.since, None, trouble.severity, title, "", None, "", {}, members))

    def _over(self, key: str, at: float) -> None:
        for incident in self._open():
            for one in _going_on(incident, key):
                self._set(_with(self._now[incident.id], mended.over(one, at)))

    def _set(self, incident: Incident) -> None:
        put = incidents.put(self._ledger, incident)
        self._now[put.id] = put

    def _judged(self, incident: Incident) -> Incident:
        """With the title, the severity and the cause that its members give it."""
        likely = (self._cause(troubles) for troubles in naming.by_weight(incident.members))
        cause = next((cause for cause in likely if cause.kind), causes.Cause())
        return naming.named(incident, cause)

    def _cause(self, troubles: list[Member]) -> causes.Cause:
        start = troubles[0].since
        before, after = start - causes.AFTER_A_PUBLISH_S, start + causes.TOGETHER_S
        return causes.probable(troubles, incidents.events_between(self._ledger, before, after))

    def _tell(self, before: Incident | None, incident: Incident) -> None:
        said = {"severity": incident.severity, "title": incident.title, "cause": incident.cause}
        if before is None:
            self._ledger.record("incident.opened", str(incident.id), **said)
        elif why := naming.changes(before, incident):
            self._ledger.record("incident.changed", str(incident.id), why=why, **said)
        if incident.closed is not None and (before is None or before.open):
            self._ledger.record("incident.closed", str(incident.id), **said)


def _member(event: Event) -> Member:
    told = event.data
    return Member(
        event.subject, Severity(told["severity"]), told["sentence"], event.at, data=told.get("where", {})
    )


def _of(found: tuple[Finding, float]) -> Member:
    finding, since = found
    return Member(finding.key, finding.severity, finding.sentence, since, data=finding.data)


def _going_on(incident: Incident, key: str) -> list[Member]:
    return [one for one in incident.members if one.key == key and one.over is None]


def _with(incident: Incident, member: Member) -> Incident:
    """The incident with this member, in the place of what it was before."""
    others = [one for one in incident.members if (one.key, one.since) != (member.key, member.since)]
    return replace(incident, members=tuple(sorted((*others, member), key=lambda one: (one.since, one.key))))
