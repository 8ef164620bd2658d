"""Orders that carry out an action: what was done of late, by whom, and what of it was undone."""

from __future__ import annotations

from portico.ledger.ledger import Ledger
from portico.model import Order


def since(ledger: Ledger, at: float) -> list[Order]:
    """The orders with an action in their arguments that were given after `at`, the oldest first."""
    rows = ledger.ask(
        "SELECT id FROM orders WHERE at > ? AND json_extract(args, '$.action') IS NOT NULL ORDER BY id",
        (at,),
    )
    return [ledger.get_order(number) for (number,) in rows]


def undone(ledger: Ledger, number: int) -> Order | None:
    """The order that takes order `number` back, unless that failed."""
    rows = ledger.ask(
        "SELECT id FROM orders WHERE json_extract(args, '$.undoes') = ? AND state != 'failed'", (number,)
    )
    return ledger.get_order(rows[0][0]) if rows else None


def incidents(ledger: Ledger) -> dict[str, int]:
    """The open incident of each finding, by the finding's key."""
    return dict(
        ledger.ask(
            "SELECT f.key, max(f.incident) FROM incident_findings f JOIN incidents i ON i.id = f.incident"
            " WHERE i.closed IS NULL GROUP BY f.key"
        )
    )
