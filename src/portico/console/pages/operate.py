"""What can be done to the running stack by hand: what each would do now, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request

from portico.console import orders, seeing, sure
from portico.console.desk import Desk
from portico.console.page import DIGITS, Button, Done, Page, Told
from portico.console.pages import orders as order_pages
from portico.keeper import deeds
from portico.keeper.deeds import Deed
from portico.kit.errors import PorticoError
from portico.model import MIRROR, Order
from portico.operators.operator import Operator, Role
from portico.respond.actions import limits, plan, table
from portico.respond.actions.action import Action
from portico.respond.actions.situation import Situation

DRAIN, UNDRAIN, RESTART, READMIT, SCALE = "drain", "undrain", "restart", "readmit", "scale"
UNSHIELD, AGAIN = "unshield", "clusters-again"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to press: `verb` and `target` are its address, `label` its word."""

    verb: str
    target: str
    label: str
    deed: Deed

    @property
    def path(self) -> str:
        return f"/operate/{self.verb}/{self.target}" if self.target else f"/operate/{self.verb}"

    @property
    def id(self) -> str:
        return f"{self.verb}-{self.target or 'all'}"


@dataclass(frozen=True, slots=True)
class Replica:
    name: str
    state: str
    restarts: int
    ejected: bool
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Cluster:
    name: str
    state: str
    drained: bool
    serving: int
    replicas: Sequence[Replica]
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Named:
    """A named action: its policy, how often it still may, when it was done last."""

    name: str
    meaning: str
    policy: str
    hour: int
    day: int
    last: Order | None
    choices: Sequence[Choice]


def look(desk: Desk, _request: Request) -> Told:
    now = seeing.situation(desk)
    return {
        "clusters": [cluster(name, now) for name in now.clusters],
        "mirror": now.status.get(MIRROR) or {},
        "shield": now.status.get("shield"),
        "mirror_only": bool(now.status.get("mirror_only")),
        "site": site_choices(now),
        "actions": [named(one, now) for one in table.ACTIONS.values()],
        "waiting": [order_pages.row(order) for order in now.orders],
        "most": now.settings.clusters.max_replicas,
        "silent": limits.silent(now),
    }


def cluster(name: str, now: Situation) -> Cluster:
    known: Iterator[dict[str, Any]] = (one for one in now.status.get("clusters", ()) if one["name"] == name)
    seen = next(known, {})
    back = bool(seen.get("drained"))
    choices = [
        Choice(UNDRAIN, name, f"Bring {name} back", deeds.undrain(name, now))
        if back
        else Choice(DRAIN, name, f"Drain {name}", deeds.drain(name, now)),
        Choice(RESTART, name, f"Restart {name}", deeds.restart(name, now)),
        *scales(name, now),
    ]
    replicas = [replica(one, now) for one in seen.get("replicas", ())]
    return Cluster(name, str(seen.get("state", "unknown")), back, len(now.serving(name)), replicas, choices)


def scales(name: str, now: Situation) -> Iterator[Choice]:
    """One less and one more: the terminal takes any number."""
    have, most = len(deeds.replicas_of(name, now)), now.settings.clusters.max_replicas
    if have > 1:
        yield Choice(
            SCALE, f"{name}-{have - 1}", f"Scale {name} to {have - 1}", deeds.scale(name, have - 1, now)
        )
    if have < most:
        yield Choice(
            SCALE, f"{name}-{have + 1}", f"Scale {name} to {have + 1}", deeds.scale(name, have + 1, now)
        )


def replica(seen: dict[str, Any], now: Situation) -> Replica:
    name = str(seen["name"])
    ejected = name in now.ejected
    turn = Choice(READMIT, name, f"Readmit {name}", deeds.readmit(name, now)) if ejected else None
    choices = [
        *([turn] if turn else by_action(table.ACTIONS["eject-replica"], [name], now, f"Eject {name}")),
        Choice(RESTART, name, f"Restart {name}", deeds.restart(name, now)),
    ]
    return Replica(name, str(seen["state"]), int(seen.get("restarts", 0)), ejected, choices)


def site_choices(now: Situation) -> list[Choice]:
    """The two big switches, and everything at once."""
    alone, shielded = bool(now.status.get("mirror_only")), now.shielded
    return [
        *(
            [Choice(UNSHIELD, "", "Take the shield down", deeds.unshield(now))]
            if shielded
            else by_action(table.ACTIONS["shield"], [], now, "Raise the shield")
        ),
        *(
            [Choice(AGAIN, "", "Back to the clusters", deeds.clusters_again(now))]
            if alone
            else by_action(table.ACTIONS["serve-from-mirror"], [], now, "Serve from the mirror alone")
        ),
        Choice(RESTART, deeds.ALL, "Restart everything", deeds.restart(deeds.ALL, now)),
        Choice(RESTART, MIRROR, "Restart the mirror", deeds.restart(MIRROR, now)),
    ]


def named(one: Action, now: Situation) -> Named:
    hour, day = limits.left(one, now)
    past = limits.done(one, now)
    choices = [
        choice
        for words in _targets(one, now)
        for choice in by_action(one, words, now, " ".join([one.name.replace("-", " ").capitalize(), *words]))
    ]
    how = table.policy(now.settings, one.name)
    return Named(one.name, one.meaning, how, hour, day, past[-1] if past else None, choices)


def by_action(one: Action, words: Sequence[str], now: Situation, label: str) -> list[Choice]:
    """An action by hand; none where it makes no sense now, as going back where nothing is live."""
    try:
        proposal = one.by_hand(words, now)
    except PorticoError:
        return []
    deed = deeds.of_action(one, proposal, plan.arguments(one, proposal), now)
    return [Choice(one.name, "-".join(words), label, deed)]


def _targets(one: Action, now: Situation) -> list[list[str]]:
    """What the action can be done to; a list without words where it needs none."""
    known = {
        "restart-replica": now.replicas,
        "eject-replica": now.replicas,
        "fail-over": list(now.clusters),
        "repair-store": [*now.clusters, MIRROR],
    }
    return [[name] for name in known[one.name]] if one.name in known else [[]]


def wanted(verb: str, target: str, now: Situation) -> Deed:
    """What a button means now. Raises PorticoError."""
    plain = {
        DRAIN: deeds.drain,
        UNDRAIN: deeds.undrain,
        RESTART: deeds.restart,
        READMIT: deeds.readmit,
    }
    if verb in plain:
        return plain[verb](target, now)
    if verb == SCALE:
        name, _, count = target.rpartition("-")
        return deeds.scale(name, int(count) if count.isdecimal() and len(count) <= DIGITS else 0, now)
    if verb in {UNSHIELD, AGAIN}:
        return deeds.unshield(now) if verb == UNSHIELD else deeds.clusters_again(now)
    if verb not in table.ACTIONS:
        raise PorticoError(f"there is no {verb!r} to do here")
    one = table.ACTIONS[verb]
    proposal = one.by_hand([target] if target else [], now)
    return deeds.of_action(one, proposal, plan.arguments(one, proposal), now)


def press(desk: Desk, operator: Operator, request: Request, form: FormData) -> Done:
    verb, target = request.path_params["verb"], request.path_params.get("target", "")
    deed = wanted(verb, target, seeing.situation(desk))
    sure.check(deed, form)
    return order_pages.followed(orders.give(desk, operator, deed.kind, deed.args))


PAGES = (
    Page(
        "operate",
        "/operate",
        "Operate",
        "operate/page.html",
        look,
        live=("operate-site", "operate-clusters", "operate-actions"),
        menu="Operate",
    ),
)
BUTTONS = (
    Button("/operate/{verb}", Role.OPERATOR, press, dangerous=True),
    Button("/operate/{verb}/{target}", Role.OPERATOR, press, dangerous=True),
)
