"""The one road by which the console orders: an order in the ledger, with who gave it, in the hash chain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portico.console.desk import Desk
from portico.operators.operator import Operator


def give(desk: Desk, operator: Operator, kind: str, args: Mapping[str, Any]) -> int:
    """The order's number. The keeper, which is who acts, looks at it again."""
    return desk.ledger.order(kind, args, by=signature(operator))


def signature(operator: Operator) -> str:
    return f"{operator.name} (console)"
