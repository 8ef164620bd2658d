"""A message's words: what is wrong, since when, what was done already, what to press. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portico.config.responding import Notify
from portico.ledger.incidents import Incident, Member
from portico.ledger.outbox import Draft, Telling
from portico.model import Severity
from portico.notify import message
from portico.respond.delivery import joined, moment
from portico.respond.delivery.policy import Due
from portico.respond.incidents import timeline
from portico.respond.incidents.timeline import Line
from portico.respond.links import ACKNOWLEDGE, APPROVE, REFUSE, Press

ACKNOWLEDGE_FOR_S = 7 * 86400.0
MOST = 12
"""So many troubles or incidents a message lists; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Words:
    """`happened` is what was seen and done already, by incident."""

    notify: Notify
    now: float
    happened: Mapping[int, Sequence[Line]] = field(default_factory=dict)

    def draft(self, due: Due) -> Draft:
        severity = max((incident.severity for incident in due.incidents), key=moment.RANK.__getitem__)
        over = due.kind == moment.RESOLVED
        return Draft(
            due.channel,
            due.kind,
            due.thread or _new_thread(due),
            severity,
            message.title(self._title(due, severity)),
            "\n\n".join(part for part in self._parts(due) if part),
            tuple(_tellings(due)),
            {
                "links": [] if over else list(self._links(due)),
                "over": over,
                "incidents": [one.id for one in due.incidents if one.id],
                **_drill(due.incidents),
            },
        )

    def _title(self, due: Due, severity: Severity) -> str:
        first, many = due.incidents[0], len(due.incidents)
        what = first.title if many == 1 else f"{many} incidents: {first.title}, and more"
        if _drill(due.incidents) and not what.startswith("Drill: "):
            what = f"Drill: {what}"
        match due.kind:
            case moment.RESOLVED:
                return f"Over: {what}"
            case moment.AGAIN:
                return f"Again: {what}"
            case moment.WORSE:
                return f"Now {severity}: {what}"
            case moment.JOINED:
                return _also(due.troubles)
            case moment.ESCALATED:
                return f"Nobody answered yet: {what}"
            case moment.REPEATED:
                return f"Still: {what}"
            case moment.ASKED:
                return f"Yes or no: {due.asks[0].question.words}"
        return f"Again: {what}" if due.step else f"{severity.capitalize()}: {what}"

    def _parts(self, due: Due) -> Iterator[str]:
        if len(due.incidents) == 1:
            yield from self._one(due, due.incidents[0])
        else:
            yield from self._many(due)

    def _one(self, due: Due, incident: Incident) -> Iterator[str]:
        yield f"{incident.title}\n{self._when(incident)}" if incident.id else ""
        yield f"Probable cause: {incident.cause}" if incident.cause else ""
        yield self._listed("What is wrong:", list(self._wrong(incident)))
        lines = [line for line in self.happened.get(incident.id, ()) if line.act][-MOST:]
        done = [f"{self._clock(line.at)} {line.text}" for line in lines]
        yield self._listed(
            "What happened and was done already:", [*done, *filter(None, [timeline.harm(incident)])]
        )
        yield "\n".join(f"{ask.question.words.removesuffix('.')}?" for ask in due.asks)
        if due.kind != moment.RESOLVED:
            yield self._runbooks((incident,))

    def _many(self, due: Due) -> Iterator[str]:
        over = due.kind == moment.RESOLVED
        yield f"{len(due.incidents)} incidents {'are over' if over else 'at once'}."
        yield self._listed("", [f"{one.severity}: {one.title} ({self._when(one)})" for one in due.incidents])
        yield "\n".join(f"{ask.question.words.removesuffix('.')}?" for ask in due.asks)
        if not over:
            yield self._runbooks(due.incidents)

    def _when(self, incident: Incident) -> str:
        said = f"Incident {incident.id}, {incident.severity}, since {self._clock(incident.opened)}"
        if incident.closed is not None:
            return f"{said} until {self._clock(incident.closed)}, {span(incident.closed - incident.opened)}"
        by = f", acknowledged by {incident.acknowledged_by}" if incident.acknowledged is not None else ""
        return f"{said}, {span(self.now - incident.opened)} ago{by}"

    def _wrong(self, incident: Incident) -> Iterator[str]:
        """Each trouble once, as it was the last time."""
        found: dict[str, list[Member]] = {}
        for member in _telling(incident):
            found.setdefault(member.key, []).append(member)
        for members in found.values():
            last = max(members, key=lambda member: member.since)
            over = f", over at {self._clock(last.over)}" if last.over is not None else ""
            times = f", {len(members)} times in all" if len(members) > 1 else ""
            yield f"{last.sentence} ({self._clock(last.since)}{over}{times})"

    def _listed(self, heading: str, lines: Sequence[str]) -> str:
        shown = [f"- {line}" for line in lines[:MOST]]
        if len(lines) > MOST:
            shown.append(f"- and {len(lines) - MOST} more: portico incidents")
        return "\n".join(([heading] if heading and shown else []) + shown)

    def _runbooks(self, incidents: Collection[Incident]) -> str:
        members = [member for incident in incidents for member in _telling(incident)]
        names = list(dict.fromkeys(member.alert for member in members))[:3]
        where = self.notify.runbooks
        places = [f"{where.rstrip('/')}/{name}" if where else f"docs/runbooks/{name}.md" for name in names]
        return f"Runbook: {', '.join(places)}" if places else ""

    def _links(self, due: Due) -> Iterator[dict[str, Any]]:
        for ask in due.asks:
            for purpose, answer in ((APPROVE, "Yes,"), (REFUSE, "No, don't")):
                pressed = Press(purpose, (ask.id,), ask.expires, due.channel)
                yield {"words": f"{answer} {_in_short(ask.question.words)}", **pressed.data}
        open_ones = tuple(one.id for one in due.incidents if one.id and one.acknowledged is None)
        if open_ones:
            pressed = Press(ACKNOWLEDGE, open_ones, self.now + ACKNOWLEDGE_FOR_S, due.channel)
            yield {"words": "Acknowledge", **pressed.data}

    def _clock(self, at: float) -> str:
        """The time, in the settings' zone; with the day when it is another one."""
        zone = ZoneInfo(self.notify.timezone)
        then, today = datetime.fromtimestamp(at, zone), datetime.fromtimestamp(self.now, zone)
        said = then.strftime("%H:%M:%S" if then.date() == today.date() else "%Y-%m-%d %H:%M:%S")
        return f"{said} {then.tzname()}" if self.notify.timezone == "UTC" else said


def _telling(incident: Incident) -> list[Member]:
    """What is wrong now comes before what was; of what is over, all that there was."""
    members = [member for member in incident.members if member.severity is not Severity.INFO]
    return sorted(members or incident.members, key=lambda member: (member.over is not None, member.since))


def _in_short(words: str) -> str:
    """What an action does, without what that means, inside of a sentence."""
    what = words.partition(": ")[0].removesuffix(".")
    return what[:1].lower() + what[1:]


def _also(troubles: Sequence[Member]) -> str:
    """The worst of what joined, in the words of a title."""
    first, more = troubles[0], len(troubles) - 1
    level = "" if first.severity is Severity.WARNING else f" {first.severity}"
    return f"Also{level}: {first.sentence}{f' And {more} more.' if more else ''}"


def _new_thread(due: Due) -> str:
    return f"i{due.incidents[0].id}" if len(due.incidents) == 1 else f"s{due.incidents[0].id}"


def _tellings(due: Due) -> Iterator[Telling]:
    """Of an incident and its troubles; an end and a question tell of no new ones."""
    if due.kind != moment.JOINED:
        yield from (Telling(incident.id, due.kind, due.step) for incident in due.incidents)
    if due.kind not in {moment.RESOLVED, moment.ASKED}:
        for incident in due.incidents:
            yield from (
                Telling(incident.id, moment.JOINED, mark) for mark in sorted({*joined.marks(incident)})
            )
    if due.kind != moment.ASKED:
        yield from (Telling(ask.question.incident or 0, moment.ASKED, ask.id) for ask in due.asks)


def _drill(incidents: Collection[Incident]) -> dict[str, str]:
    """The practised alert's name."""
    return next(({"drill": str(one.data["drill"])} for one in incidents if one.data.get("drill")), {})


def span(seconds: float) -> str:
    seconds = max(0.0, seconds)
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
