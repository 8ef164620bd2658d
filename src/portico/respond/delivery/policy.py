"""Who is to be told what now, from what is open and what was told already. Pure.

Nothing is remembered but what was told: so what was held back by a silence, quiet hours or a crash is due
as soon as nothing holds it any more, if it is still true.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from portico.config.responding import Channel
from portico.ledger.asks import Ask
from portico.ledger.incidents import Incident, Member
from portico.ledger.outbox import Told
from portico.model import Severity
from portico.respond.delivery import holding, joined
from portico.respond.delivery.moment import (
    AGAIN,
    ALONE,
    ASKED,
    ESCALATED,
    JOINED,
    OPENED,
    RANK,
    REPEATED,
    RESOLVED,
    WORSE,
    Moment,
    since_over,
)

STORM = 3
"""So many first messages a channel gets within `STORM_S`; what comes then is gathered into one."""
STORM_S = 60.0
CRITICAL_WAITS_S = 10.0

LOUD = {OPENED, AGAIN, ESCALATED}
"""The kinds that somebody must answer to."""
FAILING = "notify-failing"


@dataclass(frozen=True, slots=True)
class Due:
    """A message that is to be written. `asks` are the questions that it puts, `troubles` what joined."""

    channel: str
    kind: str
    incidents: tuple[Incident, ...]
    step: int = 0
    thread: str = ""
    asks: tuple[Ask, ...] = ()
    troubles: tuple[Member, ...] = ()


def due(moment: Moment) -> list[Due]:
    tellable = [incident for incident in moment.incidents if holding.held(moment, incident) is None]
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
    troubles = (*one.troubles, *other.troubles)
    return replace(one, incidents=incidents, step=max(one.step, other.step), asks=asks, troubles=troubles)


def receivers(moment: Moment, incident: Incident) -> list[str]:
    """The channels that are told first: those on call, and those that stand in no calendar and no escalation.

    Nobody on call means everybody.
    """
    notify, duty = moment.notify, moment.duty
    fitting = [channel.name for channel in _fitting(moment, incident)]
    turns = duty.named or notify.oncall is not None
    if turns and not set(duty.channels) & set(fitting):
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
    if ends and holding.calls(incident, since=ends[-1].at):
        asks = _asks_about(moment, (incident,))
        step = _next_step(moment.ever_told(incident, channel.name), AGAIN)
        yield Due(channel.name, AGAIN, (incident,), step, ends[-1].thread, asks)


def _gathers(moment: Moment, channel: Channel, new: Collection[Incident]) -> bool:
    """Whether a storm goes on, in which one message in a while says more than one for each."""
    recent = [at for name, at in moment.begun if name == channel.name and 0 <= moment.now - at < STORM_S]
    urgent = any(
        incident.data.get("drill")
        or (incident.severity is Severity.CRITICAL and moment.now - incident.opened >= CRITICAL_WAITS_S)
        for incident in new
    )
    return len(recent) >= STORM and not urgent


def _further(moment: Moment, channel: Channel, incident: Incident) -> Iterator[Due]:
    """What a channel is told after the first message: it is worse, what joined, that it lasts, a question."""
    told = moment.told_to(incident, channel.name)
    if not told:
        return
    one, thread, ever = (incident,), told[0].thread, moment.ever_told(incident, channel.name)
    if RANK[incident.severity] > max(RANK[Severity(item.severity)] for item in told):
        yield Due(channel.name, WORSE, one, _next_step(ever, WORSE), thread)
    elif (new := joined.news(moment, channel, incident)) and _is_concerned(moment, channel, incident, told):
        yield Due(channel.name, JOINED, one, thread=thread, troubles=new)
    elif _repeats(moment, incident, told[-1]) and channel.name in receivers(moment, incident):
        yield Due(channel.name, REPEATED, one, _next_step(ever, REPEATED), thread)
    asked = {item.step for item in ever if item.kind == ASKED}
    for ask in _asks_about(moment, one):
        if ask.id not in asked:
            yield Due(channel.name, ASKED, one, ask.id, thread, (ask,))


def _is_concerned(moment: Moment, channel: Channel, incident: Incident, told: Collection[Told]) -> bool:
    """Those on call, and those whom it was escalated to."""
    return channel.name in receivers(moment, incident) or any(item.kind == ESCALATED for item in told)


def _next_step(told: Collection[Told], kind: str, first: int = 1) -> int:
    return 1 + max((item.step for item in told if item.kind == kind), default=first - 1)


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
        for name in receivers(moment, alone) if holding.held(moment, alone) is None else ():
            if not any(told.step == ask.id for told in moment.told_to(alone, name)):
                yield Due(name, ASKED, (alone,), ask.id, f"q{ask.id}", (ask,))


def _escalation(moment: Moment, incident: Incident) -> Iterator[Due]:
    """The next one to be told, while nobody acknowledges; after the last one the first again.

    What was acknowledged and then became another question begins to wait anew.
    """
    fitting = {channel.name for channel in _fitting(moment, incident)}
    ladder = [name for name in moment.notify.escalation if name in fitting]
    told = [item for item in moment.told if item.incident == incident.id and item.kind in LOUD]
    if not ladder or not told or incident.acknowledged is not None or incident.severity is Severity.INFO:
        return
    since = max(told[-1].at, incident.data.get("asked_again", 0.0))
    if moment.now - since < moment.notify.escalate_after_s:
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
        if _knows(since_over(items)) or not numbers <= ended.keys():
            continue
        step = len({item.message for item in items if item.kind == RESOLVED})
        over = tuple(ended[number] for number in sorted(numbers))
        if not all(holding.is_quiet(moment, incident) for incident in over):
            yield Due(channel, RESOLVED, over, step, thread)


def _knows(items: Collection[Told]) -> bool:
    """Whether there is no end to tell: nothing was heard since the last one, or nothing (yet) at all."""
    states = {item.state for item in items}
    return "waiting" in states or "sent" not in states
