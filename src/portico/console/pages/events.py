"""The ledger's chain: everything that happened, found again, and whether nobody changed it since."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from portico.board import tale, words
from portico.console import span
from portico.console.desk import Desk
from portico.console.page import DIGITS, Page, Told
from portico.kit.errors import PorticoError
from portico.ledger import paging
from portico.ledger.chain import Verification
from portico.ledger.paging import Wanted
from portico.model import Event
from portico.recover.drills.table import DRILLS
from portico.watch.alerts.table import ALERTS

ROWS = 50
FRESH_S = 300.0
"""So long a look at the whole chain is told before the next one."""

AT_ONCE = 20_000
"""So many events are looked over in a fifth of a second."""

SEEN = "seen"
"""In the address of the live stream alone: the newest event when the page was loaded."""

FIELDS = ("kind", "text", "about", "since", "until")
_OF_A_PUBLISH = frozenset({"live", "released", "publish.step"})


def look(desk: Desk, request: Request) -> Told:
    query = {name: request.query_params.get(name, "").strip() for name in FIELDS}
    before, after, seen = (_number(request, name) for name in ("before", "after", SEEN))
    last = paging.last_seq(desk.ledger)
    found = paging.page(desk.ledger, filtered(query, desk.zone), ROWS, before=before, after=after)
    return {
        "events": told(found.events, desk.zone),
        "kinds": grouped(paging.kinds(desk.ledger)),
        "query": query,
        "is_filtered": any(query.values()),
        "older": _address(query, before=found.older) if found.older else "",
        "newer": _address(query, after=found.newer) if found.newer else "",
        "back_to": found.back_to,
        "chain": CHECKED.of(desk, anew=request.query_params.get("check") == "1"),
        "last": last,
        "came": last - (last if seen is None else min(seen, last)),
        "here": _address(query),
        "live_more": f"{'&' if request.url.query else '?'}{SEEN}={last}",
    }


def filtered(query: dict[str, str], zone: tzinfo) -> Wanted:
    """Raises PorticoError for a moment that isn't one. Pure."""
    since, until = (_moment(query[name], zone) for name in ("since", "until"))
    return Wanted(query["kind"], query["text"], query["about"], since, until)


def grouped(kinds: dict[str, int]) -> list[tuple[str, int]]:
    """Families, which end in a dot, before their kinds. Pure."""
    families: dict[str, list[tuple[str, int]]] = {}
    for kind, many in kinds.items():
        families.setdefault(kind.partition(".")[0], []).append((kind, many))
    found: list[tuple[str, int]] = []
    for family, members in sorted(families.items()):
        if len(members) > 1:
            found.append((f"{family}.", sum(many for _, many in members)))
        found += members
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """`said` is the event in words, `href` the page that tells more, `tone` good or bad; may be empty."""

    event: Event
    said: str
    href: str
    tone: str


def told(events: Iterable[Event], zone: tzinfo) -> list[Row]:
    """Pure."""
    return [Row(event, _said(event, zone), leads_to(event), _tone(event)) for event in events]


def _tone(event: Event) -> str:
    if event.kind == "drill":
        return "good" if event.data.get("result") == "passed" else "bad"
    return "good" if event.kind in tale.GOOD else "bad" if event.kind in tale.BAD else ""


def _said(event: Event, zone: tzinfo) -> str:
    def clock(at: float, _now: float) -> str:
        return datetime.fromtimestamp(at, zone).strftime("%d %b %H:%M")

    return tale.said(event, words.took, clock).replace("  ", " · ")


def leads_to(event: Event) -> str:
    """The page that tells more of it, or nothing. Pure."""
    if event.kind.startswith("incident.") and event.subject.isdigit():
        return f"/incidents/{event.subject}"
    if isinstance(order := event.data.get("order"), int):
        published = event.subject == "publish" or event.kind in _OF_A_PUBLISH
        return f"/publishes/{order}" if published else f"/orders/{order}"
    if event.kind.partition(".")[0] == "drill":
        return _drilled(event)
    replica = event.data.get("replica") or (event.subject if event.kind.startswith("replica.") else "")
    return f"/clusters/{replica}" if replica else ""


def _drilled(event: Event) -> str:
    """Of one that an older Portico knew there may be no page any more."""
    if event.kind == "drill.alert" or event.data.get("what") == "alert":
        return f"/alerts/{event.subject}" if event.subject in ALERTS else ""
    return f"/drills/{event.subject}" if event.subject in DRILLS else ""


@dataclass(frozen=True, slots=True)
class Checked:
    """`at` by the ledger's clock; `seconds` is what it took."""

    found: Verification
    at: float
    seconds: float


class Checks:
    """The last look at a ledger's whole chain, shared by all who look at the page.

    A long chain is looked over behind the page, which says so meanwhile.
    """

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._busy = threading.Lock()
        self._known: dict[Path, Checked] = {}

    def of(self, desk: Desk, *, anew: bool) -> Checked | None:
        """None while nothing is known yet."""
        known, now = self._known.get(desk.home.ledger), desk.now
        if known and not anew and 0 <= now - known.at < FRESH_S:
            return known
        if paging.last_seq(desk.ledger) <= self._at_once:
            self._check(desk)
        else:
            threading.Thread(target=self._check, args=[desk], name="chain", daemon=True).start()
        return self._known.get(desk.home.ledger)

    def _check(self, desk: Desk) -> None:
        if not self._busy.acquire(blocking=False):
            return
        try:
            began = time.monotonic()
            found = paging.verify(desk.ledger)
            self._known[desk.home.ledger] = Checked(found, desk.now, time.monotonic() - began)
        finally:
            self._busy.release()


CHECKED = Checks()


def _moment(text: str, zone: tzinfo) -> float | None:
    return span.moment(text, zone) if text else None


def _number(request: Request, name: str) -> int | None:
    """Raises PorticoError."""
    text = request.query_params.get(name, "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > DIGITS:
        raise PorticoError(f"expected `{name}` to be the number of an event, got {text[:DIGITS]!r}")
    return int(text)


def _address(query: dict[str, str], **more: Any) -> str:
    return f"/events?{urlencode({name: value for name, value in {**query, **more}.items() if value})}"


PAGES = (
    Page(
        "events",
        "/events",
        "Events",
        "events/page.html",
        look,
        live=("events-newer",),
        every_s=5.0,
        menu="Events",
    ),
)
