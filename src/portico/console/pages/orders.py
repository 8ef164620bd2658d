"""What was ordered, by whom, and what came of it; a given order is followed until it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request

from portico.console import orders, telling
from portico.console.desk import Desk
from portico.console.page import Button, Done, Page, Told
from portico.console.telling import Step
from portico.kit.errors import PorticoError
from portico.ledger import acted, ordered
from portico.model import Event, Order
from portico.operators.operator import Operator, Role
from portico.release import procedure
from portico.respond.actions import plan

MOST, MOST_DRILLS = 100, 500
_ENDED = ("done", "failed")


@dataclass(frozen=True, slots=True)
class Row:
    """An order in the list."""

    order: Order
    what: str
    outcome: str
    took: float | None


@dataclass(frozen=True, slots=True)
class Drilled:
    """The drill that an order began; `ended` and `result` are empty while it runs."""

    name: str
    href: str
    ended: float | None = None
    result: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    at: float
    text: str
    took: float | None = None


@dataclass(frozen=True, slots=True)
class One:
    """An order with all that is known of it. `undo` is what taking it back would do."""

    order: Order
    what: str
    outcome: str
    hint: str
    took: float | None
    steps: Sequence[Step]
    lines: Sequence[Line]
    undo: str = ""
    undone_by: int | None = None

    @property
    def open(self) -> bool:
        return self.order.state not in _ENDED


def look(desk: Desk, _request: Request) -> Told:
    found = ordered.last(desk.ledger, MOST)
    rows = [row(order) for order in found]
    return {
        "waiting": [one for one in rows if one.order.state not in _ENDED],
        "past": [one for one in rows if one.order.state in _ENDED],
        "most": MOST,
    }


def row(order: Order) -> Row:
    return Row(order, telling.what(order), telling.outcome(order), telling.took(order))


def look_at_one(desk: Desk, request: Request) -> Told:
    order = desk.ledger.get_order(request.path_params["id"])
    progress = procedure.load(desk.ledger.progress(order.id)) if order.kind in procedure.KINDS else None
    steps = telling.publish_steps(order, progress, desk.settings.clusters.names)
    story = ordered.story(desk.ledger, order)
    later = acted.undone(desk.ledger, order.id) if order.state == "done" else None
    return {
        "one": one(order, steps, story, later),
        "args": telling.args(order),
        "incident": order.args.get("incident"),
        "drilled": drilled(order, desk.ledger.events(kind="drill", last=MOST_DRILLS)),
    }


def drilled(order: Order, drills: Sequence[Event]) -> Drilled | None:
    """The order is done when its drill begins; what came of it is told later, oldest first. Pure."""
    if order.kind != "drill":
        return None
    name, alert = order.args.get("drill"), order.args.get("alert")
    if not name:
        return Drilled(str(alert), f"/alerts/{alert}")
    ended = next((one for one in drills if one.subject == name and one.at >= order.at), None)
    if ended is None:
        return Drilled(name, f"/drills/{name}")
    return Drilled(name, f"/drills/{name}", ended.at, str(ended.data.get("result", "")))


def one(order: Order, steps: Sequence[Step], story: Sequence[Event], later: Order | None) -> One:
    ended = next((event.at for event in story if event.kind in {"order.done", "order.failed"}), None)
    return One(
        order,
        telling.what(order),
        telling.outcome(order),
        str(order.result.get("hint", "")),
        telling.took(order, ended),
        steps,
        [Line(event.at, telling.event(event), event.data.get("seconds")) for event in story],
        undo_words(order) if later is None else "",
        later.id if later else None,
    )


def undo_words(order: Order) -> str:
    """What taking it back would do, where there is something to take back."""
    if order.state != "done" or "action" not in order.args:
        return ""
    try:
        return plan.undo_of(order).words
    except PorticoError:
        return ""


def press_undo(desk: Desk, operator: Operator, request: Request, _form: FormData) -> Done:
    number = orders.take_back(desk, operator, desk.ledger.get_order(request.path_params["id"]))
    return followed(number)


def followed(number: int) -> Done:
    """To where an order is followed until it is done."""
    return Done(f"/orders/{number}", f"Order {number} is given.")


PAGES = (
    Page("orders", "/orders", "Orders", "orders/page.html", look, live=("orders-list",), menu="Orders"),
    Page(
        "order",
        "/orders/{id:number}",
        "Order",
        "orders/one.html",
        look_at_one,
        live=("order-one",),
        every_s=0.4,
    ),
)
BUTTONS = (Button("/orders/{id:number}/undo", Role.OPERATOR, press_undo, dangerous=True),)
