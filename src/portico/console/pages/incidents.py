"""What went wrong, why probably, what was done, who was told; and beside the cause what can be done now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request

from portico.console import orders, runbooks, seeing, sure
from portico.console.desk import Desk
from portico.console.page import Button, Done, Page, Told
from portico.console.pages import orders as order_pages
from portico.keeper import deeds
from portico.keeper.deeds import Deed
from portico.kit.errors import MissingError, PorticoError
from portico.ledger import asks, outbox, silences
from portico.ledger import incidents as kept
from portico.ledger.asks import Ask
from portico.ledger.incidents import Incident, Member
from portico.ledger.silences import Silence
from portico.model import MIRROR, Order, Severity
from portico.operators.operator import Operator, Role
from portico.respond.actions import plan, table
from portico.respond.actions.situation import Situation
from portico.respond.delivery import matching
from portico.respond.incidents import timeline
from portico.watch.alerts.table import ALERTS

SINCE_S = 30 * 86400.0
MOST_RUNBOOKS = 3
SPANS = {"30m": 1800.0, "2h": 7200.0, "8h": 28800.0, "1d": 86400.0, "7d": 604800.0}
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Trouble:
    """A finding of an incident, which may have come several times. `weight` is its severity, or less.

    `page` tells more of it, where there is more.
    """

    key: str
    page: str
    sentence: str
    weight: str
    since: float
    over: float | None
    times: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to press beside the cause. `ask` is the question that it answers, if it does one."""

    action: str
    deed: Deed
    why: str
    ask: Ask | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """A message that told somebody of the incident."""

    at: float
    channel: str
    what: str
    state: str


@dataclass(frozen=True, slots=True)
class Book:
    name: str
    text: Markup | None


def look(desk: Desk, _request: Request) -> Told:
    found = kept.since(desk.ledger, desk.now - SINCE_S)
    return {
        "open": [one for one in found if one.open],
        "past": [one for one in reversed(found) if not one.open],
        "silences": silences.holding(desk.ledger, desk.now),
        "asks": [asked(ask) for ask in asks.waiting(desk.ledger)],
        "state": state,
        "days": round(SINCE_S / 86400),
    }


def look_at_one(desk: Desk, request: Request) -> Told:
    incident = _known(desk, request)
    now = seeing.situation(desk)
    return {
        "one": incident,
        "state": state(incident),
        "harm": timeline.harm(incident),
        "choices": choices(incident, now),
        "done": done(incident, now.past),
        "troubles": troubles(incident),
        "lines": timeline.told(desk.ledger, incident, desk.now),
        "told": told(outbox.told(desk.ledger, [incident.id])),
        "silences": _silencing(desk, incident),
        "spans": list(SPANS),
        "books": [Book(name, runbooks.text(name)) for name in runbooks_of(incident)],
    }


def state(incident: Incident) -> str:
    """One of open, ending (all is quiet, it may come again), mending (nobody is called) and over."""
    if not incident.open:
        return "over"
    if incident.ended is not None:
        return "ending"
    return "mending" if incident.severity is Severity.INFO else "open"


def choices(incident: Incident, now: Situation) -> list[Choice]:
    """What Portico asks about it, then what its findings call for; each once."""
    if not incident.open:
        return []
    waiting = [ask for ask in now.asked if ask.state == asks.WAITING and ask.expires > now.now]
    found = [asked(ask) for ask in waiting if ask.question.incident == incident.id]
    for name, one in table.ACTIONS.items():
        proposal = one.propose(now)
        because = proposal.because if proposal else None
        if proposal is None or because is None or any(known.action == name for known in found):
            continue
        if because.incident == incident.id or any(
            member.key == because.finding.key for member in incident.members
        ):
            deed = deeds.of_action(one, proposal, plan.arguments(one, proposal), now)
            found.append(Choice(name, deed, because.finding.sentence))
    return found


def asked(ask: Ask) -> Choice:
    return Choice(ask.question.action, answering(ask), str(ask.question.args.get("why") or ""), ask)


def answering(ask: Ask) -> Deed:
    """A yes, as what it does. Nothing speaks against it here: the keeper says so if something does."""
    touched = str(ask.question.args.get("touches") or "")
    name = MIRROR if touched == "every" else touched
    return Deed(ask.question.kind, ask.question.args, ask.question.words, name)


def done(incident: Incident, past: Iterable[Order]) -> list[order_pages.Row]:
    """The orders that were given because of it."""
    return [order_pages.row(order) for order in past if order.args.get("incident") == incident.id]


def troubles(incident: Incident) -> list[Trouble]:
    """The same trouble that came again is one row; what goes on comes first, evidence last."""
    found: dict[str, list[Member]] = {}
    for member in incident.members:
        found.setdefault(member.key, []).append(member)
    rows = [
        Trouble(
            key,
            _page_about(every[-1].alert),
            every[-1].sentence,
            _weight(every[-1]),
            every[0].since,
            every[-1].over,
            len(every),
        )
        for key, every in found.items()
    ]
    rank = {Severity.CRITICAL.value: 0, Severity.WARNING.value: 1}
    return sorted(rows, key=lambda row: (row.over is not None, rank.get(row.weight, 2), row.since))


def told(found: Iterable[outbox.Told]) -> list[Telling]:
    """Each message once, though it told of several things."""
    messages: dict[int, list[outbox.Told]] = {}
    for one in found:
        messages.setdefault(one.message, []).append(one)
    return [
        Telling(
            every[0].at,
            every[0].channel,
            " and ".join(dict.fromkeys(_KINDS.get(one.kind, one.kind) for one in every)),
            every[0].state,
        )
        for every in messages.values()
    ]


_KINDS: Mapping[str, str] = {
    "opened": "was called",
    "again": "was told that it came again",
    "worse": "was told that it is worse",
    "joined": "was told what joined",
    "escalated": "was called, as nobody answered",
    "repeated": "was told that it lasts",
    "asked": "was asked",
    "resolved": "was told that it is over",
}


def runbooks_of(incident: Incident) -> list[str]:
    """Of what is wrong now before what was."""
    members = sorted(incident.members, key=lambda one: (one.over is not None, one.since))
    names = [one.alert for one in members if one.alert in ALERTS and not one.evidence]
    return list(dict.fromkeys(names))[:MOST_RUNBOOKS]


def press_acknowledge(desk: Desk, operator: Operator, request: Request, _form: FormData) -> Done:
    incident = _known(desk, request)
    new = kept.acknowledge(desk.ledger, incident.id, by=orders.signature(operator))
    known = kept.get(desk.ledger, incident.id) or incident
    said = "It is yours now; nobody else is called." if new else f"{known.acknowledged_by} has it already."
    return Done(f"/incidents/{incident.id}", said)


def press_silence(desk: Desk, operator: Operator, request: Request, form: FormData) -> Done:
    """This incident, or what one of its findings is about, wherever it comes again."""
    incident = _known(desk, request)
    matcher, reason = str(form.get("matcher", "")), str(form.get("reason", "")).strip()[:LONGEST_REASON]
    span = SPANS.get(str(form.get("span", "")))
    allowed = {f"incident={incident.id}", *(member.key for member in incident.members)}
    if matcher not in allowed:
        raise PorticoError(f"nothing of incident {incident.id} is called {matcher!r}")
    matching.check(matcher)
    if span is None or not reason:
        raise PorticoError("expected a reason and how long; nothing is silenced")
    by = orders.signature(operator)
    silences.add(desk.ledger, matcher, desk.now + span, reason=reason, by=by)
    said = f"Nobody is told of {matcher} for {form['span']}; it is recorded as ever."
    return Done(f"/incidents/{incident.id}", said)


def press_end_silence(desk: Desk, operator: Operator, request: Request, form: FormData) -> Done:
    silences.end(desk.ledger, request.path_params["id"], by=orders.signature(operator))
    number = str(form.get("incident", ""))
    return Done(f"/incidents/{number}" if number.isdecimal() else "/incidents", "What goes on is told now.")


def press_yes(desk: Desk, operator: Operator, request: Request, form: FormData) -> Done:
    ask = asks.get(desk.ledger, request.path_params["id"])
    sure.check(answering(ask), form)
    order = orders.answer(desk, operator, ask.id, yes=True)
    return order_pages.followed(order) if order else Done("/orders")


def press_no(desk: Desk, operator: Operator, request: Request, _form: FormData) -> Done:
    ask = asks.get(desk.ledger, request.path_params["id"])
    orders.answer(desk, operator, ask.id, yes=False)
    return Done(_page_of(ask), "It will not be done, and is not asked again for this cause.")


def press_proposed(desk: Desk, operator: Operator, request: Request, form: FormData) -> Done:
    """What a finding of the incident calls for, if it still does."""
    incident = _known(desk, request)
    wanted = request.path_params["action"]
    offered = [
        one for one in choices(incident, seeing.situation(desk)) if one.action == wanted and not one.ask
    ]
    if not offered:
        raise PorticoError(f"nothing calls for {wanted} any more; nothing was done")
    sure.check(offered[0].deed, form)
    return order_pages.followed(orders.give(desk, operator, offered[0].deed.kind, offered[0].deed.args))


def _known(desk: Desk, request: Request) -> Incident:
    number = request.path_params["id"]
    found = kept.get(desk.ledger, number)
    if found is None:
        raise MissingError(f"there is no incident {number}", hint="/incidents lists them")
    return found


def _page_of(ask: Ask) -> str:
    return f"/incidents/{ask.question.incident}" if ask.question.incident else "/incidents"


def _page_about(alert: str) -> str:
    if alert in ALERTS:
        return f"/alerts/{alert}"
    return f"/runbooks/{alert}" if runbooks.text(alert) else ""


def _weight(member: Member) -> str:
    if member.evidence:
        return "evidence"
    return (
        "mended" if member.data.get("mended") and member.severity is Severity.INFO else str(member.severity)
    )


def _silencing(desk: Desk, incident: Incident) -> list[Silence]:
    """The silences that hold for some of its troubles."""
    return [
        one
        for one in silences.holding(desk.ledger, desk.now)
        if any(matching.fits(one.matcher, incident, member) for member in incident.members)
    ]


_PARTS = ("incident-title", "incident-head", "incident-now", "incident-story", "incident-runbooks")
PAGES = (
    Page(
        "incidents",
        "/incidents",
        "Incidents",
        "incidents/page.html",
        look,
        live=("incidents-list",),
        menu="Incidents",
    ),
    Page(
        "incident",
        "/incidents/{id:number}",
        "Incident",
        "incidents/one.html",
        look_at_one,
        live=_PARTS,
        every_s=2.0,
    ),
)
BUTTONS = (
    Button("/incidents/{id:number}/acknowledge", Role.OPERATOR, press_acknowledge),
    Button("/incidents/{id:number}/silence", Role.OPERATOR, press_silence, dangerous=True),
    Button("/incidents/{id:number}/do/{action}", Role.OPERATOR, press_proposed, dangerous=True),
    Button("/silences/{id:number}/end", Role.OPERATOR, press_end_silence),
    Button("/asks/{id:number}/yes", Role.OPERATOR, press_yes, dangerous=True),
    Button("/asks/{id:number}/no", Role.OPERATOR, press_no),
)
