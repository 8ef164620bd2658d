"""What an action must not do, told in words. Pure.

Never both clusters within the soak window, never the last healthy cluster, not more often than its limit, and
nothing at all while every check fails or a finding says hands off.
"""

from __future__ import annotations

from collections.abc import Iterator

from portico.model import Order
from portico.respond.actions import causes
from portico.respond.actions.action import ACTION, DRILL, RELEASE, Action, Proposal
from portico.respond.actions.situation import DAY_S, Situation

HOUR_S = 3600.0
RELEASES = ("publish", "rollback")
SILENT_S = 15.0
"""A keeper that runs says what it sees twice a second."""

SILENT = "the keeper is silent, and nobody would carry it out"

REFUSED_S = 300.0
"""What the keeper refused is tried again after so long."""

BESIDE = ("repair", "renew", "free-disk")
"""Orders that take nothing away: others needn't wait for them."""


def silent(now: Situation) -> str:
    """What is promised from a state that nobody looks at any more is no promise."""
    return SILENT if now.now - now.seen_at > SILENT_S else ""


def why_not(action: Action, proposal: Proposal, now: Situation) -> str:
    """The first thing that forbids it now, or nothing."""
    return next(_reasons(action, proposal, now), "")


def left(action: Action, now: Situation) -> tuple[int, int]:
    """How often it may still be done: in this hour, and today."""
    hour, day = _times(action, now, HOUR_S), _times(action, now, DAY_S)
    return max(0, action.limit.per_hour - hour), max(0, action.limit.per_day - day)


def _reasons(action: Action, proposal: Proposal, now: Situation) -> Iterator[str]:
    yield from (f"hands off: {one.finding.sentence}" for one in now.open if causes.forbids(one))
    if why := silent(now):
        yield why
    yield from (f"{what} is going on" for what in _going_on(now) if what in action.waits_for)
    yield from _same_going_on(action, now)
    yield from _too_often(action, proposal, now)
    yield from _too_much(proposal, now)


def _going_on(now: Situation) -> Iterator[str]:
    if now.drilling:
        yield DRILL
    if any(order.kind in RELEASES for order in now.orders):
        yield RELEASE
    if any(order.kind not in (*RELEASES, *BESIDE) for order in now.orders):
        yield ACTION


def _same_going_on(action: Action, now: Situation) -> Iterator[str]:
    if any(order.kind == action.kind for order in now.orders):
        yield f"another {action.kind} is going on"


def _too_often(action: Action, proposal: Proposal, now: Situation) -> Iterator[str]:
    hour, day = left(action, now)
    if not hour:
        yield f"it was done {_often(action.limit.per_hour)} in the last hour, which is the most"
    if not day:
        yield f"it was done {_often(action.limit.per_day)} in the last day, which is the most"
    for order in _given(action, now):
        ago, tried = now.now - order.at, order.state == "failed"
        rest = min(action.limit.again_s, REFUSED_S) if tried else action.limit.again_s
        if order.args.get("about") == proposal.target and ago < rest:
            yield f"it was {'tried' if tried else 'done'} {ago:.0f} s ago, and rests for {rest:.0f} s"


def _too_much(proposal: Proposal, now: Situation) -> Iterator[str]:
    """Invariant 6: never both, never the last."""
    if not proposal.touches:
        return
    soak = now.settings.keeper.soak_s
    for order in now.past:
        other = order.args.get("touches")
        if other and other != proposal.touches and now.now - order.at < soak:
            yield f"cluster {other} was touched {now.now - order.at:.0f} s ago, within the soak window"
    if proposal.takes_out and not now.others_serving(proposal.touches):
        yield f"cluster {proposal.touches} is the last healthy cluster"
    elif not proposal.takes_out and _last_one(proposal, now):
        yield f"{proposal.target} is the last one that serves"


def _last_one(proposal: Proposal, now: Situation) -> bool:
    here = [name for name in now.serving(proposal.touches) if name != proposal.target]
    return not here and not now.others_serving(proposal.touches)


def done(action: Action, now: Situation) -> list[Order]:
    """The orders of the last day that carried the action out, or are about to."""
    return [order for order in _given(action, now) if order.state != "failed"]


def _given(action: Action, now: Situation) -> list[Order]:
    """Not those that took it back."""
    return [order for order in now.past if order.args["action"] == action.name and "undoes" not in order.args]


def _times(action: Action, now: Situation, within: float) -> int:
    return sum(1 for order in done(action, now) if now.now - order.at < within)


def _often(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
