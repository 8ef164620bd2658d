"""Why people are not told of an incident now, and how bad it is once what was mended is left out. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from portico.config import hours
from portico.ledger.incidents import Incident, Member
from portico.ledger.silences import Silence
from portico.model import Severity
from portico.respond import kinds
from portico.respond.delivery import matching
from portico.respond.delivery.moment import RANK, Moment
from portico.respond.kinds import Kind

LASTED_S = 3.0
"""The keeper mends most of what it finds sooner; what it mended wakes nobody."""

MENDED = {Kind.SERVING, Kind.EDGE, Kind.STORE}

HANDS_OFF_S = 60.0
"""What opened so shortly before every check failed at once is the checker's doing too."""


def held(moment: Moment, incident: Incident) -> str | None:
    """Why nobody is told of this incident now, or None."""
    if silence := _silenced(moment, incident):
        return f"silenced until {silence.until:.0f}: {silence.reason}"
    if _hands_off(moment, incident):
        return "every check fails at once, which is told instead"
    if is_quiet(moment, incident):
        return f"quiet hours, {moment.notify.quiet_hours}"
    if not lasted(moment, incident):
        return "it may be mended in a moment"
    return None


def lasted(moment: Moment, incident: Incident, since: float = 0.0) -> bool:
    """Whether some trouble that began after `since` was not mended at once, or not for the first time."""
    if incident.data.get("drill") or not incident.members:
        return True
    troubles = [one for one in incident.members if not one.evidence and one.since >= since]
    return any(_is_lasting(one, moment.now) for one in troubles)


def felt(moment: Moment) -> Moment:
    """Incidents as bad as what lasted of them: what was mended at once makes none worse."""

    def by_what_lasted(incident: Incident) -> Incident:
        troubles = [one for one in incident.members if not one.evidence and _is_lasting(one, moment.now)]
        worst = max((one.severity for one in troubles), key=RANK.__getitem__, default=incident.severity)
        worse = RANK[worst] >= RANK[incident.severity] or incident.data.get("drill")
        return incident if worse else replace(incident, severity=worst)

    return replace(
        moment,
        incidents=[by_what_lasted(incident) for incident in moment.incidents],
        ended=[by_what_lasted(incident) for incident in moment.ended],
    )


def _is_lasting(trouble: Member, now: float) -> bool:
    if trouble.data.get("mended"):
        return trouble.severity is not Severity.INFO
    return kinds.of(trouble) not in MENDED or (trouble.over or now) - trouble.since >= LASTED_S


def _silenced(moment: Moment, incident: Incident) -> Silence | None:
    """The silence of an incident all of whose troubles are silenced."""
    troubles = [member for member in incident.members if not member.evidence] or list(incident.members)
    members = [member for member in troubles if member.over is None] or troubles
    fitting = [
        next(
            (silence for silence in moment.silences if matching.fits(silence.matcher, incident, member)), None
        )
        for member in members
    ]
    return fitting[0] if fitting and all(fitting) else None


def _hands_off(moment: Moment, incident: Incident) -> bool:
    """Whether the checker is wrong rather than what it checks; that one incident is told."""
    if incident.data.get("hands_off"):
        return False
    instead = [
        other
        for other in moment.incidents
        if other.data.get("hands_off") and not _silenced(moment, other) and not is_quiet(moment, other)
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
