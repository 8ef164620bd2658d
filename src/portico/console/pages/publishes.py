"""What went live: who, when, how long each step took, what differs; and the way back."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from starlette.datastructures import FormData
from starlette.requests import Request

from portico.config.home import Home
from portico.console import orders, telling
from portico.console.desk import Desk
from portico.console.page import Button, Done, Page, Told
from portico.console.pages import orders as order_pages
from portico.console.telling import Step
from portico.keeper import wanted as wants
from portico.kit.errors import MissingError, PorticoError
from portico.ledger import ordered
from portico.model import Digest, Order
from portico.operators.operator import Operator, Role
from portico.release import procedure, snapshots
from portico.snapshot.diff import Diff
from portico.store.layout import Store

MOST = 50
_VERBS = {"added": ("come", "comes"), "changed": ("change", "changes"), "gone": ("go", "goes")}
_ID = re.compile("[0-9a-f]{0,64}")
PATHS = 200
"""So many paths of a kind are listed; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is live, what every store holds, and what was taken down, with what replaced it."""

    live: Digest | None
    held: Collection[Digest]
    barred: Mapping[Digest, Digest | None]
    last_good: Digest | None


@dataclass(frozen=True, slots=True)
class Row:
    """A publish or a rollback. `back` is where a press would go to, None where there is no way back to it."""

    order: Order
    what: str
    outcome: str
    snapshot: Digest | None
    before: Digest | None
    took: float | None
    steps: Sequence[Step]
    back: Digest | None


@dataclass(frozen=True, slots=True)
class Listed:
    """The paths of one kind of change: the first ones, and how many more there are."""

    word: str
    sign: str
    paths: Sequence[str]
    more: int

    @property
    def count(self) -> int:
        return len(self.paths) + self.more


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a diff; of a large site the whole has too many paths to be kept."""

    kinds: Sequence[Listed]
    rules: bool


def look(desk: Desk, _request: Request) -> Told:
    known = _known(desk)
    found = ordered.last(desk.ledger, MOST, procedure.KINDS)
    rows = [row(order, known, _steps(desk, order)) for order in found]
    return {"rows": mark_live(rows), "live": known.live, "back": _back(desk, known), "most": MOST}


def look_at_one(desk: Desk, request: Request) -> Told:
    order = desk.ledger.get_order(request.path_params["id"])
    if order.kind not in procedure.KINDS:
        raise MissingError(f"order {order.id} is no publish", hint="/orders lists them all")
    known = _known(desk)
    one = row(order, known, _steps(desk, order))
    differs = _diff(desk, one.before, one.snapshot)
    return {
        "one": one,
        "is_live": one.snapshot is not None and one.snapshot == known.live,
        "live": known.live,
        "changes": changes(differs) if differs else "",
        "listed": differs.kinds if differs else [],
        "promise": promise(one.back, known.live, _diff(desk, known.live, one.back)) if one.back else "",
    }


def look_at_diff(desk: Desk, request: Request) -> Told:
    """`before` and `after` are whole ids; without them what is live against what was before it."""
    known = _known(desk)
    after = _id(request, "after") or known.live
    before = _id(request, "before") or known.last_good
    differs = _diff(desk, before, after)
    return {
        "before": before,
        "after": after,
        "choices": snapshots.held(_stores(desk))[:MOST],
        "live": known.live,
        "changes": changes(differs) if differs else "",
        "listed": differs.kinds if differs else [],
    }


def row(order: Order, known: Known, steps: Sequence[Step]) -> Row:
    snapshot = order.result.get("snapshot") or order.args.get("snapshot")
    target = known.barred.get(snapshot, snapshot) if snapshot else None
    way = order.state == "done" and target in known.held and target != known.live
    return Row(
        order,
        telling.what(order),
        telling.outcome(order),
        snapshot,
        order.result.get("before"),
        telling.took(order),
        steps,
        target if way else None,
    )


def mark_live(rows: Sequence[Row]) -> list[tuple[Row, bool]]:
    """Each with whether it is the one that visitors get now: the last one that got to its end."""
    last = next((one for one in rows if one.order.state == "done"), None)
    return [(one, one is last) for one in rows]


def promise(back: Digest, live: Digest | None, found: Shown | None) -> str:
    """What going back will do."""
    words = f"Every visitor gets {back[: telling.SHORT]}"
    words += f" instead of {live[: telling.SHORT]} at once" if live else " at once"
    return f"{words}: {changes(found)}." if found else f"{words}."


def changes(found: Shown) -> str:
    """`2 paths come, 1 changes, 3 go`."""
    told = [f"{kind.count:,} {_VERBS[kind.word][kind.count == 1]}" for kind in found.kinds]
    if not told:
        return "only redirects or error pages differ" if found.rules else "nothing differs"
    first, *rest = told
    number, word = first.split(" ")
    return ", ".join([f"{number} {'path' if number == '1' else 'paths'} {word}", *rest])


def shown(found: Diff) -> Shown:
    """Pure."""
    kinds = (("added", "+", found.added), ("changed", "~", found.changed), ("gone", "-", found.gone))
    listed = [
        Listed(word, sign, paths[:PATHS], max(0, len(paths) - PATHS)) for word, sign, paths in kinds if paths
    ]
    return Shown(listed, found.rules)


def press_back(desk: Desk, operator: Operator, _request: Request, form: FormData) -> Done:
    """One flip for everybody. What was live when the page was made must still be: the keeper looks again."""
    snapshot, instead = str(form.get("snapshot", "")), str(form.get("instead_of", ""))
    known = _known(desk)
    if snapshot not in known.held:
        raise PorticoError("not every store holds that snapshot, so there is no way back to it by one flip")
    if instead != (known.live or ""):
        raise PorticoError("another snapshot went live meanwhile; nothing was done")
    args = {"snapshot": snapshot, **({"instead_of": instead} if instead else {})}
    return order_pages.followed(orders.give(desk, operator, procedure.ROLLBACK, args))


def _id(request: Request, name: str) -> Digest:
    """Empty where none is asked for. Raises PorticoError."""
    text = request.query_params.get(name, "")
    if not _ID.fullmatch(text):
        raise PorticoError(f"expected `{name}` to be the id of a snapshot", hint="/diff lists them")
    return text


def _back(desk: Desk, known: Known) -> Told | None:
    """The one press at the top: to the last good snapshot."""
    if not known.last_good:
        return None
    found = _diff(desk, known.live, known.last_good)
    return {"snapshot": known.last_good, "promise": promise(known.last_good, known.live, found)}


def _known(desk: Desk) -> Known:
    stores, wanted = _stores(desk), desk.ledger.wanted()
    return Known(
        wanted.get("snapshot"),
        frozenset(snapshots.everywhere(stores)),
        wants.barred(wanted),
        snapshots.last_good(desk.ledger, stores),
    )


def _stores(desk: Desk) -> dict[str, Store]:
    return snapshots.stores(desk.home, desk.settings.clusters.names)


def _steps(desk: Desk, order: Order) -> Sequence[Step]:
    progress = procedure.load(desk.ledger.progress(order.id))
    return telling.publish_steps(order, progress, desk.settings.clusters.names)


def _diff(desk: Desk, before: Digest | None, after: Digest | None) -> Shown | None:
    """None where one of them is gone, or damaged."""
    if not before or not after:
        return None
    try:
        return _compared(desk.home, tuple(desk.settings.clusters.names), before, after)
    except (PorticoError, OSError):
        return None


@lru_cache(maxsize=16)
def _compared(home: Home, clusters: Sequence[str], before: Digest, after: Digest) -> Shown:
    """Snapshots never change, so that a page that is looked at for hours reads them once."""
    return shown(snapshots.compare(home, snapshots.stores(home, clusters), before, after))


PAGES = (
    Page(
        "publishes",
        "/publishes",
        "Publishes",
        "publishes/page.html",
        look,
        live=("publishes-back", "publishes-list"),
        menu="Publishes",
    ),
    Page(
        "publish",
        "/publishes/{id:number}",
        "Publish",
        "publishes/one.html",
        look_at_one,
        live=("publish-now",),
    ),
    Page("diff", "/diff", "What differs", "publishes/diff.html", look_at_diff),
)
BUTTONS = (Button("/publishes/back", Role.OPERATOR, press_back, dangerous=True),)
