"""Troubles that the keeper mends before anybody need know: events of its, and findings that pass. Pure."""

from __future__ import annotations

from dataclasses import replace

from portico.ledger.incidents import Member
from portico.model import HELPERS, MIRROR, Event, Severity

REPEATS = 3
"""The third time within `REPEATS_S` seconds a mended trouble is told to people."""

REPEATS_S = 3600.0

LOST_S = 900.0

_BEGINS = {
    "replica.died": "{} died.",
    "replica.hung": "{} stopped answering.",
    "edge.died": "{} died.",
    "edge.hung": "{} stopped answering.",
    "keeper.died": "{} died.",
    "guard.died": "{} died.",
    **{f"{name}.died": "{} died." for name in HELPERS},
    **{f"{name}.hung": "{} showed no life any more." for name in HELPERS},
    "stack.absent": "{} was away.",
}
_HOLDING = ("mended", "held", "held_until")
_STARTED = tuple(f"{name}.started" for name in HELPERS)
_ENDS = ("replica.started", "edge.started", "keeper.started", "guard.started", *_STARTED)

KINDS = (*_BEGINS, *_ENDS)


def held(trouble: Member, chance_s: float) -> Member:
    """The finding while the keeper has its chance: info, until it has lasted for so long."""
    waits = {"mended": True, "held": str(trouble.severity), "held_until": trouble.since + chance_s}
    return replace(trouble, severity=Severity.INFO, data={**trouble.data, **waits})


def changed(known: Member, news: Member) -> Member:
    """A finding that got better or worse; one that is held goes on to be."""
    if "held" not in known.data:
        return replace(news, since=known.since)
    data = {**news.data, **{key: known.data[key] for key in _HOLDING}, "held": str(news.severity)}
    return replace(news, since=known.since, severity=Severity.INFO, data=data)


def after(trouble: Member, now: float) -> Member:
    """What time makes of it: what lasts counts as it was found, a restart that never came is given up.

    A replica that is not wanted any more is never started again.
    """
    if trouble.over is not None or not trouble.data.get("mended"):
        return trouble
    if "held" in trouble.data:
        return _told(trouble) if now >= trouble.data["held_until"] else trouble
    return replace(trouble, over=now) if now - trouble.since > LOST_S else trouble


def _told(trouble: Member) -> Member:
    severity = Severity(trouble.data["held"])
    data = {key: value for key, value in trouble.data.items() if key not in _HOLDING}
    return replace(trouble, severity=severity, data=data)


def began(event: Event) -> Member | None:
    """The trouble that the event tells of."""
    if event.kind not in _BEGINS:
        return None
    part = event.kind.partition(".")[0]
    where = (
        {"replica": event.subject, "cluster": event.data.get("cluster")}
        if part == "replica"
        else {"part": part}
    )
    sentence = _BEGINS[event.kind].format(_called(event))
    data = {"mended": True, **{key: value for key, value in where.items() if value}}
    since = event.data.get("since", event.at) if part == "keeper" else event.at
    return Member(_key(event), Severity.INFO, sentence, since, data=data)


def ended(event: Event) -> str | None:
    """The key of the trouble that ended with it."""
    return _key(event) if event.kind in _ENDS else None


def over(trouble: Member, at: float) -> Member:
    """The trouble ended; of one that was mended unseen it is told how soon.

    That something critical was mended is worth a warning: a whole cluster doesn't die for nothing.
    """
    if not trouble.data.get("mended"):
        return replace(trouble, over=at)
    took = at - trouble.since
    after = f"{took:.1f} s later" if took >= 0.1 else "at once"
    if "held" in trouble.data:
        severity = Severity.WARNING if trouble.data["held"] == Severity.CRITICAL else trouble.severity
        return replace(trouble, over=at, severity=severity, sentence=f"{trouble.sentence} Mended {after}.")
    told = f"{trouble.sentence.rstrip('.')}, and was started again {after}."
    return replace(trouble, over=at, sentence=told)


def repeated(trouble: Member, times: int) -> Member:
    told = f"{trouble.sentence.rstrip('.')}, its {_nth(times)} failure within {REPEATS_S / 3600:.0f} h."
    return replace(trouble, severity=Severity.WARNING, sentence=told)


def _nth(number: int) -> str:
    return {3: "third", 4: "fourth", 5: "fifth"}.get(number, f"{number}th")


def _key(event: Event) -> str:
    part = event.kind.partition(".")[0]
    return f"replica-restarted:{event.subject}" if part == "replica" else f"{part}-restarted"


def _called(event: Event) -> str:
    if event.subject == MIRROR:
        return "The mirror"
    part = event.kind.partition(".")[0]
    return f"Replica {event.subject}" if part == "replica" else f"The {part}"
