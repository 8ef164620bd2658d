"""The pages behind the links in messages. Looking never acts, since mail scanners look: a button does."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from portico.kit.errors import PorticoError
from portico.ledger import asks, incidents
from portico.ledger.asks import Ask
from portico.ledger.incidents import Incident
from portico.ledger.ledger import Ledger
from portico.respond import links
from portico.respond.delivery import wording
from portico.respond.links import ACKNOWLEDGE, APPROVE, Press
from portico.watch.watched import Watched

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #f6f7f9; --card: #fff; --line: #dfe3e8;
  --calm: #5a6472; --go: #1f5fd0; --bad: #b3261e; --good: #1a7f4b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --paper: #14171b; --card: #1d2127;
  --line: #333a43; --calm: #9aa5b1; --go: #7aa7ff; --bad: #ff8a80; --good: #6fd39b; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  font: 1.0625rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
main { width: 100%; max-width: 30rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 1rem; padding: 1.5rem; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
h1 { margin: 0 0 .75rem; font-size: 1.35rem; line-height: 1.3; overflow-wrap: anywhere; }
.site { color: var(--calm); font-size: .875rem; letter-spacing: .04em; margin-bottom: .5rem; }
ul { margin: 0 0 1rem; padding-left: 1.25rem; } li { overflow-wrap: anywhere; }
.bad { color: var(--bad); } .good { color: var(--good); } .calm { color: var(--calm); }
button { width: 100%; min-height: 3.25rem; border: 0; border-radius: .75rem; padding: .75rem 1rem;
  font: inherit; font-weight: 600; color: var(--card); background: var(--go); cursor: pointer; }
button.no { background: transparent; color: var(--ink); border: 2px solid var(--calm); }
a { color: var(--go); }
a:focus-visible, button:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
.note { margin: 1rem 0 0; font-size: .875rem; color: var(--calm); }
"""
MORE = "Cause, timeline and what to do, in the console"
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
}


@dataclass(frozen=True, slots=True)
class Page:
    """`lines` are paragraphs, `button` what it says (none when there is nothing to press any more).

    `console` is where more is told.
    """

    title: str
    lines: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    button: str = ""
    tone: str = ""
    refusing: bool = False
    status: int = 200
    console: str = ""


def routes(watched: Watched) -> list[Route]:
    """For the watcher's private listener."""
    desk = Desk(
        watched.ledger,
        links.key(watched.home),
        lambda numbers: links.in_console(watched.settings, watched.home, numbers),
    )

    def look(request: Request) -> HTMLResponse:
        return _answer(desk.look(request.path_params["token"]))

    def act(request: Request) -> HTMLResponse:
        return _answer(desk.act(request.path_params["token"]))

    return [
        Route("/a/{token}", look, methods=["GET"]),
        Route("/a/{token}", act, methods=["POST"]),
    ]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where pressed links are understood; `console` gives the address of where incidents are shown."""

    ledger: Ledger
    key: bytes
    console: Callable[[Sequence[int]], str] = lambda _numbers: ""

    def look(self, token: str) -> Page:
        """What pressing the button would do; nothing is done."""
        return self._answered(token, press=False)

    def act(self, token: str) -> Page:
        return self._answered(token, press=True)

    def _answered(self, token: str, *, press: bool) -> Page:
        try:
            asked = links.read(self.key, token)
            if asked.until <= self.ledger.now:
                return _EXPIRED
            if asked.purpose == ACKNOWLEDGE:
                return replace(self._acknowledgement(asked, press=press), console=self.console(asked.numbers))
            return replace(self._decision(asked, press=press), console=self._about(asked.numbers[0]))
        except PorticoError as error:
            return Page("This link can't be used", (f"{error.what}.".capitalize(),), tone="bad", status=400)

    def _about(self, ask: int) -> str:
        incident = asks.get(self.ledger, ask).question.incident
        return self.console([incident] if incident else [])

    def _acknowledgement(self, asked: Press, *, press: bool) -> Page:
        found = [one for number in asked.numbers if (one := incidents.get(self.ledger, number))]
        waiting = [one for one in found if one.acknowledged is None and one.open]
        if not found:
            return Page("This incident is not known here", tone="bad", status=404)
        if not waiting:
            return _known_already(found)
        if not press:
            return _about_to_acknowledge(waiting, self.ledger.now)
        for incident in waiting:
            incidents.acknowledge(self.ledger, incident.id, by=_by(asked))
        many = f"{len(waiting)} incidents are" if len(waiting) > 1 else "It is"
        lines = (f"{many} yours now; nobody else is called.", "You will hear when it is over.")
        return Page("Acknowledged", lines, _titles(waiting), tone="good")

    def _decision(self, asked: Press, *, press: bool) -> Page:
        ask, yes = asks.get(self.ledger, asked.numbers[0]), asked.purpose == APPROVE
        if ask.state != asks.WAITING or ask.expires <= self.ledger.now:
            return _decided(ask)
        if not press:
            about = incidents.get(self.ledger, ask.question.incident or 0)
            return _about_to_decide(ask, _titles([about] if about else []), yes=yes)
        order = asks.decide(self.ledger, ask.id, yes, _by(asked))
        if not yes:
            return Page("Refused", ("It will not be done.",), (ask.question.words,), tone="good")
        lines = (f"Order {order} is given; the keeper carries it out.",)
        return Page("It is being done", lines, (ask.question.words,), tone="good")


_EXPIRED = Page(
    "This link is too old",
    ("Its time is over, so that it can do nothing any more. The commands portico ack and portico act can.",),
    tone="bad",
    status=410,
)


def _about_to_acknowledge(waiting: list[Incident], now: float) -> Page:
    lines = ("Acknowledging says that you look after it: nobody else is called. It changes nothing else.",)
    button = "Acknowledge" if len(waiting) == 1 else f"Acknowledge all {len(waiting)}"
    if len(waiting) > 1:
        return Page(f"{len(waiting)} incidents wait for somebody", lines, _titles(waiting), button)
    one = waiting[0]
    lasts = wording.span(now - one.opened)
    said = (f"{one.severity.capitalize()} for {lasts}, incident {one.id}.", *lines)
    return Page(one.title, said, (), button, tone="bad" if one.severity == "critical" else "")


def _known_already(found: list[Incident]) -> Page:
    first = found[0]
    if first.acknowledged is not None:
        return Page("Acknowledged already", (f"By {first.acknowledged_by}.",), _titles(found))
    return Page("It is over already", ("There is nothing left to acknowledge.",), _titles(found), tone="good")


def _about_to_decide(ask: Ask, about: tuple[str, ...], *, yes: bool) -> Page:
    words = ask.question.words
    if yes:
        return Page(words, ("This is done as soon as you press.",), about, "Yes, do it")
    lines = ("Nothing is done, and it is not asked again.",)
    return Page(f"Refuse: {words}", lines, about, "No, don't", refusing=True)


def _decided(ask: Ask) -> Page:
    said = {
        asks.APPROVED: f"{ask.by} said yes already.",
        asks.REFUSED: f"{ask.by} said no already.",
    }.get(ask.state, "It was not answered in time, or what it was about is over.")
    return Page("This question is closed", (said,), (ask.question.words,), status=200 if ask.by else 410)


def _titles(found: list[Incident]) -> tuple[str, ...]:
    return tuple(f"{one.title} (incident {one.id})" for one in found)


def _by(asked: Press) -> str:
    """A link doesn't know who pressed it, only to whom it was sent."""
    return f"link sent to {asked.whose}" if asked.whose else "link"


def _answer(page: Page) -> HTMLResponse:
    return HTMLResponse(_html(page), page.status, headers=HEADERS)


def _html(page: Page) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in page.lines)
    items = "".join(f"<li>{escape(item)}</li>" for item in page.items)
    kind = ' class="no"' if page.refusing else ""
    form = f'<form method="post"><button{kind}>{escape(page.button)}</button></form>' if page.button else ""
    more = f'<p class="note"><a href="{escape(page.console)}">{MORE}</a></p>' if page.console else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(page.title)}</title><style>{STYLE}</style></head><body><main>"
        f'<p class="site">Portico</p><h1 class="{page.tone}">{escape(page.title)}</h1>'
        f"{f'<ul>{items}</ul>' if items else ''}{lines}{form}{more}</main></body></html>"
    )
