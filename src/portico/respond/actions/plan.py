"""From findings to reactions: what policy allows is ordered, what it doesn't is asked.

At each of its ticks the watcher asks for this. Whatever is decided stands in the ledger before anybody acts
on it, so that who is killed in between does nothing twice: an order or a question of the same cause is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from portico.kit import unixsocket
from portico.kit.errors import PorticoError
from portico.ledger import acted, asks
from portico.ledger.ledger import Ledger
from portico.model import Event, Order
from portico.respond.actions import gather, limits, table
from portico.respond.actions.action import Action, Proposal, Undo
from portico.respond.actions.situation import Situation
from portico.watch.watched import Watched

POLICY = "policy"
ALONE_S = 10.0
"""A question about a finding that no incident took up is put all the same, after so long."""

TRY_AGAIN_S = 60.0
"""An end that failed is tried again after so long."""


@dataclass(frozen=True, slots=True)
class Due:
    """An action that is called for and that nothing forbids."""

    action: Action
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class End:
    """Something that was done and should be taken back by itself now."""

    action: Action
    order: Order
    why: str


class Reactions:
    """One in the watcher; several, by mistake, would do no more than one."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._ledger = watched.ledger

    def tick(self, now: float) -> None:
        """Void old questions, take back what is over, then order or ask for what is due."""
        asks.expire(self._ledger)
        if not _anything(self._look(now)):
            return
        with self._ledger.writing():
            ordered = self._act(gather.with_drills(self._look(now), self._ledger, self._watched.home))
        if ordered:
            unixsocket.poke(self._watched.home.keeper_socket)

    def _look(self, now: float) -> Situation:
        return gather.situation(self._ledger, self._watched.settings, now)

    def _act(self, now: Situation) -> bool:
        """Inside one transaction with the look that it is decided from; whether an order was given."""
        for ask in pointless(now):
            asks.withdraw(self._ledger, ask, "what it was about is over")
        given = [take_back(self._ledger, end.order, by=POLICY, why=end.why) for end in ends(now)]
        for one in due(now):
            if table.policy(now.settings, one.action.name) == "ask":
                self._ask(one, now)
            elif not given:
                given.append(order(self._ledger, one.action, one.proposal, by=POLICY))
        return bool(given)

    def _ask(self, one: Due, now: Situation) -> None:
        args = arguments(one.action, one.proposal)
        question = asks.Question(
            action=one.action.name,
            kind=one.action.kind,
            args=args,
            cause=args["cause"],
            words=one.proposal.words,
            incident=args["incident"],
        )
        asks.create(self._ledger, question, now.now + now.settings.actions.ask_expires_s)


def due(now: Situation) -> Iterator[Due]:
    """What the findings call for, policy lets happen by itself or after a yes, and nothing forbids. Pure."""
    for action in table.ACTIONS.values():
        if table.policy(now.settings, action.name) == "manual":
            continue
        proposal = action.propose(now)
        if proposal is None or _asked(action, proposal, now) or limits.why_not(action, proposal, now):
            continue
        if table.policy(now.settings, action.name) != "ask" or _can_be_asked(proposal, now):
            yield Due(action, proposal)


def _asked(action: Action, proposal: Proposal, now: Situation) -> bool:
    """Whether a person was asked about this cause before, or is asked about this action now."""
    asked = [ask for ask in now.asked if ask.question.action == action.name]
    cause = proposal.because.cause if proposal.because else ""
    return any(ask.state == asks.WAITING or ask.question.cause == cause for ask in asked)


def _can_be_asked(proposal: Proposal, now: Situation) -> bool:
    """Questions go with an incident, which a new finding may not have yet."""
    because = proposal.because
    return because is None or because.incident is not None or now.now - because.since >= ALONE_S


def pointless(now: Situation) -> Iterator[asks.Ask]:
    """Questions whose cause is over, or which are not right any more: a yes would do harm. Pure."""
    causes = {one.cause for one in now.open}
    for ask in now.asked:
        action, asked = table.ACTIONS.get(ask.question.action), ask.question
        right = asked.cause in causes and (action is None or action.holds(asked.args, now))
        if ask.state == asks.WAITING and not right:
            yield ask


def ends(now: Situation) -> Iterator[End]:
    """What was done by itself, or after a yes, and is over. Pure."""
    taken_back = {order.args["undoes"]: order for order in now.past if "undoes" in order.args}
    for given in now.past:
        action = table.ACTIONS.get(str(given.args["action"]))
        last = taken_back.get(given.id)
        rests = last and (last.state != "failed" or now.now - last.at < TRY_AGAIN_S)
        if action is None or rests or given.state != "done" or not _by_itself(given):
            continue
        if why := action.over(given, now):
            yield End(action, given, why)


def _by_itself(given: Order) -> bool:
    return "undoes" not in given.args and (given.by == POLICY or "ask" in given.args)


def _anything(now: Situation) -> bool:
    return any(any(found) for found in (due(now), ends(now), pointless(now)))


def arguments(action: Action, proposal: Proposal) -> dict[str, Any]:
    """The order's arguments, with all that the ledger's chain shall tell of why it was given."""
    because = proposal.because
    told: dict[str, Any] = {
        **proposal.args,
        "action": action.name,
        "about": proposal.target,
        "words": proposal.words,
    }
    if proposal.touches:
        told["touches"] = proposal.touches
    if because:
        told |= {"cause": because.cause, "why": because.finding.sentence, "incident": because.incident}
    return told


def order(ledger: Ledger, action: Action, proposal: Proposal, *, by: str, force: bool = False) -> int:
    args = arguments(action, proposal)
    return ledger.order(action.kind, {**args, "force": True} if force else args, by=by)


def undo_of(given: Order) -> Undo:
    """What takes an order back. Raises PorticoError when there is nothing to take back."""
    action = table.ACTIONS.get(str(given.args.get("action")))
    undo = action.undo(given) if action and "undoes" not in given.args else None
    if undo is None:
        raise PorticoError(
            "there is nothing to take back", where=_named(given), hint="portico act list shows the actions"
        )
    return undo


def take_back(ledger: Ledger, given: Order, *, by: str, why: str = "") -> int:
    """Undo an order, once. Raises PorticoError when there is nothing to undo."""
    undo = undo_of(given)
    with ledger.writing():
        if earlier := acted.undone(ledger, given.id):
            raise PorticoError(f"order {earlier.id} took it back already", where=_named(given))
        told = {"action": given.args["action"], "undoes": given.id, "words": undo.words, "why": why}
        return ledger.order(undo.kind, {**undo.args, **told}, by=by)


def _named(order: Order) -> str:
    return f"order {order.id} ({order.kind})"


def told(given: Order) -> str:
    """What an order does, in a sentence or two for people, and how it is taken back."""
    words = str(given.args.get("words") or given.kind)
    return f"{words} Undo: portico act undo {given.id}" if _undoable(given.args) else words


def told_of(event: Event) -> str:
    """The event of an action's order in a line, with who gave it and how it is taken back; else nothing."""
    args, number = event.data.get("args", {}), event.data.get("order")
    if "action" not in args:
        return ""
    words = str(args.get("words", event.subject)).removesuffix(".")
    undo = f" (undo: portico act undo {number})" if _undoable(args) else ""
    return f"order {number} by {event.data.get('by') or 'somebody'}: {words}{undo}"


def _undoable(args: Mapping[str, Any]) -> bool:
    action = table.ACTIONS.get(str(args.get("action")))
    return bool(action and action.undoable and "undoes" not in args)
