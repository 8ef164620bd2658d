"""Who is to be told what now, from what is open and what was told already. Pure.

Nothing is remembered but what was told: so what was held back by a silence, quiet hours or a crash is due
as soon as nothing holds it any more, if it is still true.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from portico.config import hours
from portico.config.responding import Channel, Notify
from portico.ledger.asks import Ask
from portico.ledger.incidents import Incident, Member
from portico.ledger.outbox import Told
from portico.ledger.silences import Silence
from portico.model import Severity
from portico.respond import kinds
from portico.respond.delivery import matching
from portico.respond.delivery.oncall import Duty
from portico.respond.kinds import Kind

OPENED, AGAIN, WORSE, ESCALATED, REPEATED, ASKED, RESOLVED = (
    "opened",
    "again",
    "worse",
    "escalated",
    "repeated",
    "asked",
    "resolved",
)
LASTED_S = 3.0
"""The keeper mends most of what it finds sooner; what it mended wakes nobody."""
MENDED = {Kind.SERVING, Kind.EDGE, Kind.STORE}
STORM = 3
"""So many first messages a channel gets within `STORM_S`; what comes then is gathered into one."""
STORM_S = 60.0
CRITICAL_WAITS_S = 10.0
HANDS_OFF_S = 60.0
"""What opened so shortly before every check failed at once is the checker's doing too."""

ALONE = 0
"""The incident of what belongs to none."""

LOUD = {OPENED, AGAIN, ESCALATED}
"""The kinds that somebody must answer to."""
RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.CRITICAL: 2}
FAILING = "notify-failing"


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
        return _since_over(self.ever_told(incident, channel))

    def ends_told(self, incident: Incident, channel: str) -> list[Told]:
        return [told for told in self.ever_told(incident, channel) if told.kind == RESOLVED]

    def ever_told(self, incident: Incident, channel: str) -> list[Told]:
        return self.by_incident.get((incident.id, channel), [])


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is to be written. `asks` are the questions that it puts."""

    channel: str
    kind: str
    incidents: tuple[Incident, ...]
    step: int = 0
    thread: str = ""
    asks: tuple[Ask, ...] = ()


def due(moment: Moment) -> list[Due]:
    moment = _felt(moment)
    tellable = [incident for incident in moment.incidents if held(moment, incident) is None]
    found: list[Due] = []
    for channel in moment.notify.channels:
        found += _openings(moment, channel, tellable)
        for incident in tellable:
            found += _further(moment, channel, incident)
    for incident in tellable:
        found += _escalation(moment, incident)
    return [*_merged(found), *_lone_questions(moment), *_resolutions(moment)]


def _merged(found: Collection[Due]) -> list[Due]:
    """What a channel is told of several incidents of one thread at once, as one message."""
    merged: dict[tuple[str, str, str, int], Due] = {}
    for each in found:
        alone = each.step if each.kind == ASKED else 0
        key = (each.channel, each.kind, each.thread, alone)
        known = merged.get(key)
        merged[key] = each if known is None else _joined(known, each)
    return list(merged.values())


def _joined(one: Due, other: Due) -> Due:
    asks = tuple({ask.id: ask for ask in (*one.asks, *other.asks)}.values())
    incidents = (*one.incidents, *other.incidents)
    return replace(one, incidents=incidents, step=max(one.step, other.step), asks=asks)


def held(moment: Moment, incident: Incident) -> str | None:
    """Why nobody is told of this incident now, or None."""
    if silence := _silenced(moment, incident):
        return f"silenced until {silence.until:.0f}: {silence.reason}"
    if _hands_off(moment, incident):
        return "every check fails at once, which is told instead"
    if _is_quiet(moment, incident):
        return f"quiet hours, {moment.notify.quiet_hours}"
    if not _lasted(moment, incident):
        return "it may be mended in a moment"
    return None


def receivers(moment: Moment, incident: Incident) -> list[str]:
    """The channels that are told first: those on call, and those that stand in no calendar and no escalation.

    Nobody on call means everybody.
    """
    notify, duty = moment.notify, moment.duty
    fitting = [channel.name for channel in _fitting(moment, incident)]
    if duty.named and not set(duty.channels) & set(fitting):
        return fitting
    apart = duty.named | set(notify.escalation)
    first = [name for name in fitting if name in duty.channels or name not in apart]
    ladder = [name for name in notify.escalation if name in fitting]
    return first or ladder[:1]


def _fitting(moment: Moment, incident: Incident) -> list[Channel]:
    """Those of this severity; a drill goes through to people whatever it practises."""
    channels = [channel for channel in moment.notify.channels if not _is_about(incident, channel)]
    fitting = [channel for channel in channels if RANK[Severity(channel.severity)] <= RANK[incident.severity]]
    return channels if not fitting and incident.data.get("drill") else fitting


def _is_about(incident: Incident, channel: Channel) -> bool:
    """That a channel fails can't be told through it."""
    troubles = {member.key for member in incident.members if not member.evidence}
    return troubles == {f"{FAILING}:{channel.name}"}


def _openings(moment: Moment, channel: Channel, tellable: Collection[Incident]) -> Iterator[Due]:
    """The first that a channel hears of incidents: one message for all of the moment."""
    new = [
        incident
        for incident in tellable
        if not moment.told_to(incident, channel.name) and channel.name in receivers(moment, incident)
    ]
    first = tuple(one for one in new if not moment.ends_told(one, channel.name))
    if first and not _gathers(moment, channel, first):
        yield Due(channel.name, OPENED, first, asks=_asks_about(moment, first))
    for one in new:
        yield from _again(moment, channel, one)


def _again(moment: Moment, channel: Channel, incident: Incident) -> Iterator[Due]:
    """Who was told that it is over is told that it isn't."""
    ends = moment.ends_told(incident, channel.name)
    if ends and _lasted(moment, incident, since=ends[-1].at):
        asks = _asks_about(moment, (incident,))
        step = _next_step(moment.ever_told(incident, channel.name), AGAIN)
        yield Due(channel.name, AGAIN, (incident,), step, ends[-1].thread, asks)


def _gathers(moment: Moment, channel: Channel, new: Collection[Incident]) -> bool:
    """Whether a storm goes on, in which one message in a while says more than one for each."""
    recent = [at for name, at in moment.begun if name == channel.name and at > moment.now - STORM_S]
    urgent = any(
        incident.data.get("drill")
        or (incident.severity is Severity.CRITICAL and moment.now - incident.opened >= CRITICAL_WAITS_S)
        for incident in new
    )
    return len(recent) >= STORM and not urgent


def _further(moment: Moment, channel: Channel, incident: Incident) -> Iterator[Due]:
    """What a channel is told after the first message: that it is worse, a question, that it still lasts."""
    told = moment.told_to(incident, channel.name)
    if not told:
        return
    one, thread, ever = (incident,), told[0].thread, moment.ever_told(incident, channel.name)
    if RANK[incident.severity] > max(RANK[Severity(item.severity)] for item in told):
        yield Due(channel.name, WORSE, one, _next_step(ever, WORSE), thread)
    elif _repeats(moment, incident, told[-1]) and channel.name in receivers(moment, incident):
        yield Due(channel.name, REPEATED, one, _next_step(ever, REPEATED), thread)
    asked = {item.step for item in ever if item.kind == ASKED}
    for ask in _asks_about(moment, one):
        if ask.id not in asked:
            yield Due(channel.name, ASKED, one, ask.id, thread, (ask,))


def _next_step(told: Collection[Told], kind: str, first: int = 1) -> int:
    return 1 + max((item.step for item in told if item.kind == kind), default=first - 1)


def _lasted(moment: Moment, incident: Incident, since: float = 0.0) -> bool:
    """Whether some trouble that began after `since` was not mended at once, or not for the first time."""
    if incident.data.get("drill") or not incident.members:
        return True
    troubles = [one for one in incident.members if not one.evidence and one.since >= since]
    return any(_is_lasting(one, moment.now) for one in troubles)


def _felt(moment: Moment) -> Moment:
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


def _repeats(moment: Moment, incident: Incident, last: Told) -> bool:
    return incident.severity is not Severity.INFO and moment.now - last.at >= moment.notify.repeat_s


def _asks_about(moment: Moment, incidents: Collection[Incident]) -> tuple[Ask, ...]:
    numbers = {incident.id for incident in incidents}
    return tuple(ask for ask in moment.asks if ask.question.incident in numbers)


def _lone_questions(moment: Moment) -> Iterator[Due]:
    """A question that belongs to no incident is put by itself; it counts as a warning."""
    for ask in moment.asks:
        if ask.question.incident is not None:
            continue
        alone = Incident(ALONE, ask.at, None, Severity.WARNING, ask.question.words, "", None, "", {})
        for name in receivers(moment, alone) if held(moment, alone) is None else ():
            if not any(told.step == ask.id for told in moment.told_to(alone, name)):
                yield Due(name, ASKED, (alone,), ask.id, f"q{ask.id}", (ask,))


def _escalation(moment: Moment, incident: Incident) -> Iterator[Due]:
    """The next one to be told, while nobody acknowledges; after the last one the first again."""
    fitting = {channel.name for channel in _fitting(moment, incident)}
    ladder = [name for name in moment.notify.escalation if name in fitting]
    told = [item for item in moment.told if item.incident == incident.id and item.kind in LOUD]
    if not ladder or not told or incident.acknowledged is not None or incident.severity is Severity.INFO:
        return
    if moment.now - told[-1].at < moment.notify.escalate_after_s:
        return
    done = sum(item.kind == ESCALATED for item in told)
    began_with_first = any(item.kind == OPENED and item.channel == ladder[0] for item in told)
    name = ladder[(done + began_with_first) % len(ladder)]
    before = moment.ever_told(incident, name)
    thread = before[-1].thread if before else ""
    step = _next_step(told, ESCALATED)
    yield Due(name, ESCALATED, (incident,), step, thread, _asks_about(moment, (incident,)))


def _resolutions(moment: Moment) -> Iterator[Due]:
    """Who was told that something is wrong is told that it is over, once all that the message told of is."""
    ended = {incident.id: incident for incident in moment.ended}
    threads: dict[tuple[str, str], list[Told]] = {}
    for told in moment.told:
        threads.setdefault((told.channel, told.thread), []).append(told)
    for (channel, thread), items in threads.items():
        numbers = {item.incident for item in items}
        if _knows(_since_over(items)) or not numbers <= ended.keys():
            continue
        step = len({item.message for item in items if item.kind == RESOLVED})
        over = tuple(ended[number] for number in sorted(numbers))
        if not all(_is_quiet(moment, incident) for incident in over):
            yield Due(channel, RESOLVED, over, step, thread)


def _since_over(items: Sequence[Told]) -> list[Told]:
    """What was told after the last time that it was told to be over."""
    last = max((number for number, item in enumerate(items) if item.kind == RESOLVED), default=-1)
    return list(items[last + 1 :])


def _knows(items: Collection[Told]) -> bool:
    """Whether there is no end to tell: nothing was heard since the last one, or nothing (yet) at all."""
    states = {item.state for item in items}
    return "waiting" in states or "sent" not in states


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
    return not incident.data.get("hands_off") and any(
        other.data.get("hands_off") and incident.opened >= other.opened - HANDS_OFF_S
        for other in moment.incidents
    )


def _is_quiet(moment: Moment, incident: Incident) -> bool:
    notify = moment.notify
    if notify.quiet_hours is None or incident.data.get("drill"):
        return False
    if RANK[incident.severity] >= RANK[Severity(notify.quiet_severity)]:
        return False
    clock = datetime.fromtimestamp(moment.now, ZoneInfo(notify.timezone)).time()
    return hours.parse(notify.quiet_hours).hold(clock)
