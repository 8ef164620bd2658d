"""What the README promises, measured: each drill with its last numbers, and a way to run it now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request

from portico.console import confirm, orders, seeing
from portico.console.desk import Desk
from portico.console.page import Button, Done, Page, Told
from portico.keeper.orders import drilling
from portico.kit.errors import MissingError, PorticoError
from portico.model import Event
from portico.operators.operator import Operator, Role
from portico.recover import scene, terms
from portico.recover.drills.table import DRILLS, OF_THE_STUDIO
from portico.watch.alerts import standing
from portico.watch.alerts.table import ALERTS

RUN, REFUSED = "drill", "drill.refused"
MOST = 200


@dataclass(frozen=True, slots=True)
class Number:
    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Row:
    """A drill and its runs, the newest first."""

    name: str
    sentence: str
    bound_s: float
    runs: Sequence[Event]
    refused: Event | None

    @property
    def last(self) -> Event | None:
        return self.runs[0] if self.runs else None


def look(desk: Desk, _request: Request) -> Told:
    rows = every(desk)
    alerts = standing.standings(desk.ledger)
    return {
        "rows": rows,
        "running": seeing.drill_running(desk.ledger),
        "against": against(desk),
        "measured": measured,
        "never": sum(row.last is None for row in rows),
        "proven": sum(one.proven for one in alerts),
        "alerts": len(alerts),
    }


def look_at_one(desk: Desk, request: Request) -> Told:
    name = request.path_params["name"]
    found = next((row for row in every(desk) if row.name == name), None)
    if found is None:
        raise MissingError(f"there is no drill {name!r}", hint="/drills lists them")
    return {
        "row": found,
        "terms": terms,
        "running": seeing.drill_running(desk.ledger),
        "against": against(desk),
        "measured": measured,
    }


def every(desk: Desk) -> list[Row]:
    """The drills that fit this site."""
    runs = _by_subject(desk.ledger.events(kind=RUN, last=MOST))
    refused = _by_subject(desk.ledger.events(kind=REFUSED, last=MOST))
    found = []
    for name, made in DRILLS.items():
        if name in OF_THE_STUDIO and not desk.settings.runs_studio:
            continue
        one, past = made(), runs.get(name, [])
        no = next(iter(refused.get(name, [])), None)
        late = no if no and (not past or no.at > past[0].at) else None
        found.append(Row(name, one.sentence, one.bound_s, past, late))
    return found


def measured(run: Event) -> list[Number]:
    """What a run measured, beside the requests: seconds, rates, whatever it has to say. Pure."""
    return [Number(name, value) for name, value in _flat(run.data.get("measured") or {})]


def _flat(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        name = f"{before} {key}".strip().replace("_", " ")
        if isinstance(value, Mapping):
            yield from _flat(value, name)
        elif isinstance(value, list):
            yield name, ", ".join(map(str, value))
        else:
            yield name, f"{value:.3g}" if isinstance(value, float) else value


def against(desk: Desk) -> list[str]:
    """Why a drill would not be begun now: it wants a stack that is well."""
    if running := seeing.drill_running(desk.ledger):
        return [f"the drill {running['name']} is running"]
    seen = desk.ledger.seen("status")
    if not seen or not seen[0].get("snapshot"):
        return ["nothing is live here"]
    return scene.troubles(seen[0], desk.now - seen[1])


def press(desk: Desk, operator: Operator, request: Request, form: FormData) -> Done:
    """The keeper begins it as a process of its own; what it measures appears on the page."""
    what, name = request.path_params["what"], request.path_params["name"]
    if name not in {drilling.DRILL: DRILLS, drilling.ALERT: ALERTS}.get(what, {}):
        raise PorticoError(f"there is no {what} {name!r}")
    confirm.named(form, name)
    if reasons := against(desk):
        raise PorticoError(f"a drill needs a calm stack: {'; '.join(reasons)}; nothing was done")
    laid = terms.chosen(_numbers(form)) if what == drilling.DRILL else {}
    number = orders.give(desk, operator, "drill", {what: name, **laid})
    page = f"/drills/{name}" if what == drilling.DRILL else f"/alerts/{name}"
    return Done(page, f"Order {number}: the drill begins. What it measures appears here.")


def _numbers(form: FormData) -> dict[str, int | str]:
    """What isn't one is left as it was typed, to be refused in words."""
    typed = {name: str(form.get(name, "")).strip() for name in ("rate", "seconds")}
    return {
        name: int(text) if text.isdecimal() and len(text) < 7 else text
        for name, text in typed.items()
        if text
    }


def _by_subject(events: Sequence[Event]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for event in reversed(events):
        found.setdefault(event.subject, []).append(event)
    return found


PAGES = (
    Page("drills", "/drills", "Drills", "drills/page.html", look, live=("drills-list",), menu="Drills"),
    Page("drill", "/drills/{name}", "Drill", "drills/one.html", look_at_one, live=("drill-one",)),
)
BUTTONS = (Button("/run/{what}/{name}", Role.OPERATOR, press, dangerous=True),)
