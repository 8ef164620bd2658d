"""All that can call somebody: what fires, and whether a drill ever proved that it does."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from portico.console import runbooks
from portico.console.desk import Desk
from portico.console.page import Page, Told
from portico.kit.errors import MissingError
from portico.ledger import acted, incidents
from portico.model import Event, Severity
from portico.recover.strikes import STRIKES
from portico.watch.alerts import standing
from portico.watch.alerts.alert import Alert
from portico.watch.alerts.standing import Standing
from portico.watch.alerts.table import ALERTS

UNPROVEN, FAILED, PROVEN = "unproven", "failed", "proven"
WEEK_S = 7 * 86400.0


@dataclass(frozen=True, slots=True)
class Row:
    """`proof` is one of unproven, failed and proven; `how` tells of the drill in words."""

    alert: Alert
    sentences: tuple[str, ...]
    since: float | None
    proof: str
    how: str
    drilled: float | None

    @property
    def firing(self) -> bool:
        return bool(self.sentences)


def look(desk: Desk, _request: Request) -> Told:
    rows = [row(one) for one in standing.standings(desk.ledger)]
    return {
        "firing": [one for one in rows if one.firing],
        "quiet": [one for one in rows if not one.firing],
        "unproven": sum(one.proof == UNPROVEN for one in rows),
        "failed": sum(one.proof == FAILED for one in rows),
        "total": len(rows),
    }


def row(one: Standing) -> Row:
    drilled = one.drilled
    return Row(
        one.alert,
        tuple(found.sentence for found, _ in one.firing),
        min((since for _, since in one.firing), default=None),
        PROVEN if one.proven else FAILED if drilled else UNPROVEN,
        how(drilled, informs=one.alert.severity is Severity.INFO) if drilled else "no drill has fired it yet",
        drilled.at if drilled else None,
    )


def how(drilled: Event, *, informs: bool = False) -> str:
    """`by real damage: seen after 2.1 s, sent after 3.4 s to pager`."""
    data = drilled.data
    by = "by real damage" if data.get("how") == "live" else "by its fixture"
    if not data.get("passed"):
        return f"{by}: {data.get('why') or 'it did not come through'}"
    parts = [f"{word} after {data[key]:.1f} s" for key, word in _TOLD.items() if data.get(key) is not None]
    to = f" to {', '.join(data['channels'])}" if data.get("channels") else ", calls nobody" if informs else ""
    return f"{by}: {', '.join(parts)}{to}"


_TOLD = {"seen_s": "seen", "sent_s": "sent"}


def look_at_one(desk: Desk, request: Request) -> Told:
    name = request.path_params["name"]
    if name not in ALERTS:
        raise MissingError(f"there is no alert {name!r}", hint="/alerts lists them")
    found = next(one for one in standing.standings(desk.ledger) if one.alert.name == name)
    drills = [event for event in desk.ledger.events(kind=standing.DRILLED) if event.subject == name]
    return {
        "one": row(found),
        "firing": found.firing,
        "incidents": acted.incidents(desk.ledger),
        "times": _times(desk, name),
        "drills": [(event, how(event)) for event in reversed(drills[-10:])],
        "runbook": runbooks.text(name),
        "strikes": strikes(name),
    }


def strikes(name: str) -> str:
    """What firing it on purpose will do."""
    how = (
        "Something is really broken for a moment"
        if name in STRIKES
        else "Its fixture stands in for what is measured"
    )
    return f"{how}; it is followed to the people whom it calls, and what they get says that it is a drill."


def look_at_runbook(_desk: Desk, request: Request) -> Told:
    name = request.path_params["name"]
    text = runbooks.text(name)
    if text is None:
        raise MissingError(f"there is no runbook {name!r}", hint="/alerts lists what can be off")
    return {"book": name, "text": text, "alert": ALERTS.get(name)}


def _times(desk: Desk, name: str) -> int:
    """How often it fired within a week."""
    found = incidents.since(desk.ledger, desk.now - WEEK_S)
    members = {
        (one.key, one.since)
        for incident in found
        for one in incident.members
        if one.alert == name and one.since >= desk.now - WEEK_S and not one.practised
    }
    return len(members)


PAGES = (
    Page(
        "alerts",
        "/alerts",
        "Alerts",
        "alerts/page.html",
        look,
        live=("alerts-list",),
        every_s=2.0,
        menu="Alerts",
    ),
    Page(
        "alert", "/alerts/{name}", "Alert", "alerts/one.html", look_at_one, live=("alert-one",), every_s=2.0
    ),
    Page("runbook", "/runbooks/{name}", "Runbook", "alerts/runbook.html", look_at_runbook),
)
