"""The one road by which the console orders: an order in the ledger, with who gave it, in the hash chain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portico.console.desk import Desk
from portico.kit import unixsocket
from portico.ledger import asks
from portico.model import Order
from portico.operators.operator import Operator
from portico.respond.actions import plan


def give(desk: Desk, operator: Operator, kind: str, args: Mapping[str, Any]) -> int:
    """The order's number. The keeper, which is who acts, looks at it again."""
    return _woken(desk, desk.ledger.order(kind, args, by=signature(operator)))


def answer(desk: Desk, operator: Operator, ask: int, *, yes: bool) -> int | None:
    """What a question comes to: the number of the order that a yes gives. Raises PorticoError."""
    order = asks.decide(desk.ledger, ask, yes, signature(operator))
    return None if order is None else _woken(desk, order)


def take_back(desk: Desk, operator: Operator, order: Order) -> int:
    """The number of the order that undoes it. Raises PorticoError when there is nothing to undo."""
    return _woken(desk, plan.take_back(desk.ledger, order, by=signature(operator)))


def signature(operator: Operator) -> str:
    return f"{operator.name} (console)"


def _woken(desk: Desk, number: int) -> int:
    unixsocket.poke(desk.home.keeper_socket)
    return number
