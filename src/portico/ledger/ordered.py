"""Orders as they were given: the newest ones, and what happened because of one."""

from __future__ import annotations

import json
from collections.abc import Sequence

from portico.ledger.ledger import Ledger
from portico.model import Event, Order

_NEWEST = 1 << 62


def last(ledger: Ledger, count: int, kinds: Sequence[str] = ()) -> list[Order]:
    """The newest so many, the newest first; of all kinds, or of these."""
    marks = ", ".join("?" * len(kinds))
    of_kind = f"WHERE kind IN ({marks})" if kinds else ""
    rows = ledger.ask(
        f"SELECT id FROM orders {of_kind} ORDER BY id DESC LIMIT ?",  # noqa: S608 - marks only
        (*kinds, count),
    )
    return [ledger.get_order(number) for (number,) in rows]


def story(ledger: Ledger, order: Order) -> list[Event]:
    """The events of an order, from that it was given to that it was settled."""
    first = _seq(ledger, order, "order.given") or 1
    end = _seq(ledger, order, f"order.{order.state}") if order.state in {"done", "failed"} else None
    rows = ledger.ask(
        "SELECT seq, at, kind, subject, data, hash FROM events WHERE seq BETWEEN ? AND ?"
        " AND json_extract(data, '$.order') = ? ORDER BY seq",
        (first, end or _NEWEST, order.id),
    )
    return [Event(seq, at, kind, told, json.loads(data), known) for seq, at, kind, told, data, known in rows]


def _seq(ledger: Ledger, order: Order, kind: str) -> int | None:
    """Where that event of the order stands; looked for from the newest on, by the index of kinds."""
    rows = ledger.ask(
        "SELECT seq FROM events WHERE kind = ? AND json_extract(data, '$.order') = ?"
        " ORDER BY seq DESC LIMIT 1",
        (kind, order.id),
    )
    return int(rows[0][0]) if rows else None
