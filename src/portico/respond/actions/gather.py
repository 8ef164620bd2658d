"""Reads the situation from the ledger, for the watcher and for `portico act`."""

from __future__ import annotations

from dataclasses import replace

from portico.config.home import Home
from portico.config.models import Settings
from portico.kit import lock
from portico.kit.errors import PorticoError
from portico.ledger import acted, asks
from portico.ledger.ledger import Ledger
from portico.respond.actions import causes
from portico.respond.actions.situation import DAY_S, Live, Open, Situation

AFTERMATH_S = 120.0
LAST_OVERS = 200
"""So many findings that were settled are looked at; older ones say nothing about now."""


def situation(ledger: Ledger, settings: Settings, now: float) -> Situation:
    incidents = acted.incidents(ledger)
    found = (Open(finding, since, incidents.get(finding.key)) for finding, since in ledger.findings())
    seen = ledger.seen("status")
    return Situation(
        now=now,
        settings=settings,
        open=tuple(one for one in found if causes.real(one)),
        status=seen[0] if seen else {},
        seen_at=seen[1] if seen else 0.0,
        live=_live(ledger),
        orders=tuple(ledger.open_orders()),
        past=tuple(acted.since(ledger, now - DAY_S)),
        asked=tuple(asks.since(ledger, now - DAY_S)),
        over=_over(ledger),
    )


def with_drills(found: Situation, ledger: Ledger, home: Home) -> Situation:
    """The same, and whether a drill runs or ran just now: what it broke is no reason to act."""
    last = ledger.events(kind="drill", last=1)
    just_now = bool(last) and found.now - last[0].at < AFTERMATH_S
    with lock.held(home.drill_lock) as calm:
        return replace(found, drilling=just_now or not calm)


def _live(ledger: Ledger) -> Live | None:
    """The last flip, and what ordered it."""
    flips = ledger.events(kind="live", last=1)
    if not flips:
        return None
    flip = flips[0]
    try:
        kind = ledger.get_order(int(flip.data.get("order") or 0)).kind
    except PorticoError:
        kind = ""
    return Live(flip.subject, flip.data.get("before"), flip.at, kind)


def _over(ledger: Ledger) -> dict[str, float]:
    ended = ledger.events(kind="finding.over", last=LAST_OVERS)
    return {event.subject.partition(":")[0]: event.at for event in ended}
