"""Why people are not told of an incident, or of a trouble in it, now. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from portico.config import hours
from portico.ledger.incidents import Incident, Member
from portico.ledger.silences import Silence
from portico.model import Severity
from portico.respond import practice
from portico.respond.delivery import matching
from portico.respond.delivery.moment import RANK, Moment

HANDS_OFF_S = 60.0
"""What opened so shortly before every check failed at once is the checker's doing too."""

SPELL_S = 60.0
"""Troubles that ended so close to each other were one spell of the incident."""


def held(moment: Moment, incident: Incident) -> str | None:
    """Why nobody is told of this incident now, or None."""
    if str(incident.data.get("drill", "")).startswith(practice.MEASURING):
        return "a drill does it, and measures what visitors notice"
    if silence := _silenced(moment, incident):
        return f"silenced until {silence.until:.0f}: {silence.reason}"
    if _hands_off(moment, incident):
        return "every check fails at once, which is told instead"
    if is_quiet(moment, incident):
        return f"quiet hours, {moment.notify.quiet_hours}"
    if not (incident.data.get("drill") or calls(incident)):
        return "it is mended, or may be in a moment"
    return None


def calls(incident: Incident, since: float = 0.0) -> bool:
    """Whether there is more than what was mended unseen, and it goes on or began after `since`."""
    troubles = [one for one in incident.members if one.severity is not Severity.INFO]
    return not incident.members or any(one.over is None or one.since >= since for one in troubles)


def is_hushed(moment: Moment, incident: Incident, trouble: Member) -> bool:
    """Whether nobody is told of this trouble now, though people are told of its incident."""
    silenced = any(matching.fits(silence.matcher, incident, trouble) for silence in moment.silences)
    return silenced or is_quiet(moment, replace(incident, severity=trouble.severity))


def _silenced(moment: Moment, incident: Incident) -> Silence | None:
    """The silence of an incident all of whose troubles are silenced."""
    troubles = [member for member in incident.members if not member.evidence] or list(incident.members)
    members = [member for member in troubles if member.over is None] or _last(troubles)
    fitting = [
        next(
            (silence for silence in moment.silences if matching.fits(silence.matcher, incident, member)), None
        )
        for member in members
    ]
    return fitting[0] if fitting and all(fitting) else None


def _last(troubles: list[Member]) -> list[Member]:
    """Of what is over, what ended last: an incident that was opened again began with another story."""
    end = max((member.over or 0.0 for member in troubles), default=0.0)
    return [member for member in troubles if (member.over or 0.0) >= end - SPELL_S]


def _hands_off(moment: Moment, incident: Incident) -> bool:
    """Whether the checker is wrong rather than what it checks; that one incident is told."""
    if incident.data.get("hands_off"):
        return False
    instead = [
        other
        for other in moment.incidents
        if other.data.get("hands_off")
        and not other.data.get("drill")
        and not _silenced(moment, other)
        and not is_quiet(moment, other)
    ]
    return any(incident.opened >= other.opened - HANDS_OFF_S for other in instead)


def is_quiet(moment: Moment, incident: Incident) -> bool:
    notify = moment.notify
    if notify.quiet_hours is None or incident.data.get("drill"):
        return False
    if RANK[incident.severity] >= RANK[Severity(notify.quiet_severity)]:
        return False
    clock = datetime.fromtimestamp(moment.now, ZoneInfo(notify.timezone)).time()
    return hours.parse(notify.quiet_hours).hold(clock)
