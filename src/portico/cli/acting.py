"""What `portico act` knows of the actions: how each stands, and the way from a wish to an order."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import typer

from portico.cli import place, words
from portico.cli.orders import Desk, Given
from portico.cli.told import UsageError
from portico.config.load import Config
from portico.kit.errors import PorticoError
from portico.ledger.asks import Ask
from portico.ledger.ledger import Ledger
from portico.model import Order
from portico.respond.actions import gather, limits, plan, table
from portico.respond.actions.action import Action, Proposal
from portico.respond.actions.situation import Situation


@dataclass(frozen=True, slots=True)
class Counter:
    """Where actions are asked for: one look at the stack, and the desk that takes the orders."""

    desk: Desk
    now: Situation

    @property
    def ledger(self) -> Ledger:
        return self.desk.ledger

    def proposal(self, action: Action, given: Sequence[str]) -> Proposal:
        """What is meant: what was named, or else what the open findings call for."""
        return (None if given else action.propose(self.now)) or action.by_hand(given, self.now)

    def give(self, action: Action, proposal: Proposal, *, force: bool) -> Given:
        args = plan.arguments(action, proposal)
        return self.desk.give(action.kind, {**args, "force": True} if force else args)

    def undoable(self, number: int) -> Order:
        """An order that can be taken back. Raises PorticoError."""
        order = self.ledger.get_order(number)
        if order.state not in {"done", "failed"}:
            raise PorticoError(
                f"order {number} is still {order.state}", hint="try again in a moment", temporary=True
            )
        return order


def counter(ctx: typer.Context) -> Counter:
    config: Config = place.config(ctx)
    ledger = place.ledger(ctx)
    now = gather.situation(ledger, config.settings, time.time())
    return Counter(Desk(config.home, ledger), gather.with_drills(now, ledger, config.home))


def action(name: str) -> Action:
    """Raises UsageError, which lists them."""
    if name not in table.ACTIONS:
        raise UsageError(f"there is no action {name!r}", hint=f"one of {', '.join(table.ACTIONS)}")
    return table.ACTIONS[name]


def row(one: Action, now: Situation) -> dict[str, Any]:
    """How an action stands, for a table or a script."""
    proposal = one.propose(now)
    done = limits.done(one, now)
    hour, day = limits.left(one, now)
    return {
        "name": one.name,
        "meaning": one.meaning,
        "policy": table.policy(now.settings, one.name),
        "would": proposal.words if proposal else None,
        "why": proposal.because.finding.sentence if proposal and proposal.because else None,
        "but": (limits.why_not(one, proposal, now) or None) if proposal else None,
        "last": {"order": done[-1].id, "at": done[-1].at, "by": done[-1].by} if done else None,
        "left": {"hour": hour, "day": day},
    }


def asked(ask: Ask) -> dict[str, Any]:
    """A question, for a table or a script."""
    question = ask.question
    return {
        "id": ask.id,
        "action": question.action,
        "words": question.words,
        "why": question.args.get("why"),
        "incident": question.incident,
        "at": ask.at,
        "expires": ask.expires,
        "state": ask.state,
    }


def would(found: dict[str, Any]) -> str:
    """What an action would do now, in a line."""
    if not found["would"]:
        return ""
    return f"{found['would']} But {found['but']}." if found["but"] else str(found["would"])


def last(found: dict[str, Any], now: float) -> str:
    used = found["last"]
    return f"{words.age(now - used['at'])} ago by {used['by']}" if used else "not today"
