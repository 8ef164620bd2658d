"""What the public is told: drafts, what is said now, what to say more. Never in a machine's own words."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.requests import Request

from portico.board import saying
from portico.console import orders
from portico.console.desk import Desk
from portico.console.page import Button, Done, Page, Told
from portico.intake.subscribers import MOST_ASKED
from portico.kit import dates
from portico.kit.errors import PorticoError
from portico.ledger import bulletins, incidents
from portico.ledger.bulletins import PLANNED, STATES, Bulletin, Said, Written
from portico.operators.operator import Operator, Role
from portico.statuspage import drafting, gather, languages, words
from portico.statuspage.facts import NAMES, Facts

MOST = 30
LATE_S = 180.0
"""It is made each minute."""

HERE = "/statuspage"
SEEN = "_seen"
"""The form's field with a digest of the words that were looked at."""


def look(desk: Desk, _request: Request) -> Told:
    public, seen = bulletins.published(desk.ledger), desk.ledger.seen(gather.SEEN)
    kept = desk.ledger.seen("subscribers")
    age_s = desk.now - seen[1] if seen else None
    return {
        "enabled": desk.settings.status_page.enabled,
        "made": seen[0] if seen else None,
        "age_s": age_s,
        "old": old(age_s, desk.settings.status_page.old_after_s),
        "subscribers": kept[0] if kept else None,
        "queue": queue(kept[0]) if kept else "",
        "drafts": bulletins.drafts(desk.ledger),
        "open": [one for one in public if not one.over],
        "past": [one for one in public if one.over][:MOST],
        "untold": [one for one in incidents.current(desk.ledger) if not _told(desk, one.id)],
        "names": NAMES,
        "percent": words.percent,
        "zone": desk.settings.notify.timezone,
        "fields": fields(None, desk.settings.notify.timezone),
        "others": others(desk),
    }


def look_at_one(desk: Desk, request: Request) -> Told:
    one, zone = _known(desk, request), desk.settings.notify.timezone
    return {
        "one": one,
        "seen": {SEEN: seen(one)},
        "names": NAMES,
        "states": STATES[one.kind],
        "zone": zone,
        "fields": fields(one, zone),
        "others": others(desk),
        "paragraphs": words.paragraphs,
        "when": dates.span(one.starts, one.ends, zone) if one.ends else "",
    }


def old(age_s: float | None, old_after_s: float) -> tuple[str, str] | None:
    """How bad it is that the page wasn't renewed, and what visitors make of it. Pure."""
    if age_s is None or age_s <= LATE_S:
        return None
    minutes = f"{age_s / 60:.0f} min"
    if age_s > old_after_s:
        return "bad", f"It was made {minutes} ago, and visitors are told that it is old."
    return "fair", f"It was made {minutes} ago, not a minute ago. Visitors are told so when it gets older."


def facts(desk: Desk) -> Facts:
    """What the page would say now, not what visitors read: that may be older."""
    return gather.gathered(desk.ledger, desk.settings, "", takes_posts=True)


def queue(kept: Mapping[str, int]) -> str:
    """What becomes of those who wanted to subscribe and can't be asked yet. Pure."""
    count = kept.get("queued", 0)
    hours = math.ceil(count / MOST_ASKED)
    away = f" {kept['turned_away']:,} more were turned away." if kept.get("turned_away") else ""
    return (
        f"{count:,} {'address waits' if count == 1 else 'addresses wait'} for the mail by which one confirms:"
        f" {MOST_ASKED} an hour are sent, so that nobody mails strangers by this page."
        f" The last comes within {hours} h.{away}"
    )


def others(desk: Desk) -> dict[str, str]:
    """The page's languages beside the one that people write in, by what they are called."""
    return {language: languages.name(language) for language in desk.settings.status_page.languages[1:]}


def fields(one: Bulletin | None, zone: str) -> dict[str, str]:
    """Times as a form's fields take them."""
    starts, ends = (one.starts, one.ends) if one and one.ends else (None, None)
    return {"starts": drafting.written_at(starts, zone), "ends": drafting.written_at(ends, zone)}


def seen(one: Bulletin) -> str:
    """A digest of all that visitors read of it. Pure."""
    said = [(update.state, update.text, update.texts) for update in one.updates]
    told = json.dumps([one.kind, one.title, one.titles, one.affected, one.starts, one.ends, said])
    return hashlib.sha256(told.encode()).hexdigest()


def press_new(desk: Desk, operator: Operator, _request: Request, form: FormData) -> Done:
    written = _written(desk, form, str(form.get("kind", "")))
    number = bulletins.draft(desk.ledger, written, by=orders.signature(operator))
    return Done(f"{HERE}/{number}", "A draft: nobody sees it until you publish it.")


def press_from_incident(desk: Desk, operator: Operator, request: Request, _form: FormData) -> Done:
    """The words claim nothing; whoever publishes them looks at them first."""
    number = int(request.path_params["incident"])
    if known := _told(desk, number):
        return Done(f"{HERE}/{known.id}", "This incident has a bulletin already.")
    if incidents.get(desk.ledger, number) is None:
        raise PorticoError(f"there is no incident {number}")
    written = drafting.of_incident(number, facts(desk).parts, desk.settings.status_page.languages)
    made = bulletins.draft(desk.ledger, written, by=orders.signature(operator))
    return Done(f"{HERE}/{made}", "A draft: say in your own words what visitors notice, then publish it.")


def press_save(desk: Desk, operator: Operator, request: Request, form: FormData) -> Done:
    one = _known(desk, request)
    bulletins.rewrite(desk.ledger, one.id, _written(desk, form, one.kind), by=orders.signature(operator))
    return Done(f"{HERE}/{one.id}", "Kept. Below is what visitors will read.")


def press_publish(desk: Desk, operator: Operator, request: Request, form: FormData) -> Done:
    """Only the very words that were looked at: nothing that is published can be taken back."""
    with desk.ledger.writing():
        one = _known(desk, request)
        if form.get(SEEN) != seen(one):
            raise PorticoError(
                "the draft was changed meanwhile, nothing was published", hint="look again, then publish it"
            )
        bulletins.publish(desk.ledger, one.id, by=orders.signature(operator))
    return Done(f"{HERE}/{one.id}", saying.outlook(desk.ledger, "It"))


def press_discard(desk: Desk, operator: Operator, request: Request, _form: FormData) -> Done:
    one = _known(desk, request)
    bulletins.discard(desk.ledger, one.id, by=orders.signature(operator))
    return Done(HERE, "The draft is gone.")


def press_update(desk: Desk, operator: Operator, request: Request, form: FormData) -> Done:
    one = _known(desk, request)
    said = Said(str(form.get("state", "")), str(form.get("text", "")), _also(desk, form, "text"))
    bulletins.update(desk.ledger, one.id, said, by=orders.signature(operator))
    return Done(f"{HERE}/{one.id}", saying.outlook(desk.ledger, "What you said"))


def _written(desk: Desk, form: FormData, kind: str) -> Written:
    zone = desk.settings.notify.timezone
    starts, ends = (
        drafting.moment(str(form.get(name, "")), zone, desk.now) if kind == PLANNED else None
        for name in ("starts", "ends")
    )
    return Written(
        kind=kind,
        title=str(form.get("title", "")),
        state=str(form.get("state", "")) or STATES.get(kind, ("",))[0],
        text=str(form.get("text", "")),
        affected=drafting.affected(map(str, form.getlist("affected"))),
        starts=starts,
        ends=ends,
        language=desk.settings.status_page.languages[0],
        titles=_also(desk, form, "title"),
        texts=_also(desk, form, "text"),
    )


def _also(desk: Desk, form: FormData, name: str) -> dict[str, str]:
    """A field in the page's other languages."""
    given = {language: str(form.get(f"{name}_{language}", "")) for language in others(desk)}
    return drafting.in_others(given, desk.settings.status_page.languages)


def _told(desk: Desk, incident: int) -> Bulletin | None:
    return bulletins.of_incident(desk.ledger, incident)


def _known(desk: Desk, request: Request) -> Bulletin:
    return bulletins.get(desk.ledger, int(request.path_params["id"]))


PAGES = (
    Page(
        "statuspage",
        HERE,
        "Status page",
        "statuspage/page.html",
        look,
        live=("statuspage-now",),
        every_s=2.0,
        menu="Status page",
    ),
    Page("bulletin", f"{HERE}/{{id:number}}", "Bulletin", "statuspage/one.html", look_at_one),
)
_ONE = f"{HERE}/{{id:number}}"
BUTTONS = (
    Button(f"{HERE}/new", Role.OPERATOR, press_new),
    Button(f"{HERE}/from/{{incident:number}}", Role.OPERATOR, press_from_incident),
    Button(f"{_ONE}/save", Role.OPERATOR, press_save),
    Button(f"{_ONE}/publish", Role.OPERATOR, press_publish, dangerous=True),
    Button(f"{_ONE}/discard", Role.OPERATOR, press_discard),
    Button(f"{_ONE}/update", Role.OPERATOR, press_update, dangerous=True),
)
