"""A drill that a person asks for: a process of its own, which outlives what it breaks, the keeper too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from portico.keeper.orders.move import Move, Situation
from portico.keeper.steps import StartDrill
from portico.kit.errors import PorticoError
from portico.model import Order
from portico.recover import terms

_NAME = re.compile(r"[a-z][a-z0-9-]*")
"""What it is like; which there are, the process knows, and says so in the ledger."""

DRILL, ALERT = "drill", "alert"


def begin(order: Order, _progress: Mapping[str, Any], _now: Situation) -> Move:
    """Done as soon as it is begun: a drill wants a stack without open orders, and may give some itself."""
    try:
        laid = tuple(terms.chosen(order.args).items())
    except PorticoError as error:
        return Move(why=str(error))
    for what in (DRILL, ALERT):
        name = order.args.get(what)
        if isinstance(name, str) and _NAME.fullmatch(name):
            return Move(steps=(StartDrill(what, name, laid),), done=True)
    return Move(why="expected the name of a drill or of an alert", hint="portico drill list, portico alerts")
