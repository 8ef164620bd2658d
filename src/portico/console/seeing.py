"""The situation that orders are offered in, as far as a page may look: nothing is locked, nothing written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from portico.console.desk import Desk
from portico.ledger.ledger import Ledger
from portico.respond import practice
from portico.respond.actions import gather
from portico.respond.actions.situation import Situation


def situation(desk: Desk) -> Situation:
    found = gather.situation(desk.ledger, desk.settings, desk.now)
    last = desk.ledger.events(kind="drill", last=1)
    just_now = bool(last) and found.now - last[0].at < gather.AFTERMATH_S
    return replace(found, drilling=just_now or bool(drill_running(desk.ledger)))


def drill_running(ledger: Ledger) -> dict[str, Any] | None:
    """What a running drill says of itself: `name` and `until`; it holds a lock that a page doesn't touch."""
    for key in (practice.RUNNING, practice.ASKED):
        seen = ledger.seen(key)
        if seen and seen[0] and float(seen[0].get("until", 0.0)) > ledger.now:
            return {"began": seen[1], "of": key, **seen[0]}
    return None
