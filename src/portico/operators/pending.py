"""What was begun in a browser and waits for its answer, a few minutes and once: a challenge, a new secret."""

from __future__ import annotations

import json
from typing import Any

from portico.operators import book
from portico.operators.book import Book

LASTS_S = 300
MOST = 2000
"""Of one kind: whoever isn't signed in may begin, too, and shall fill no disk."""


def keep(kept: Book, owner: str, kind: str, data: Any) -> None:
    """`owner` is the browser's token. What it had begun before of this kind is void."""
    with kept.writing():
        kept.put("DELETE FROM pending WHERE expires < ?", (kept.now,))
        kept.put(
            "REPLACE INTO pending VALUES (?, ?, ?, ?)",
            (book.digest(owner), kind, json.dumps(data), kept.now + LASTS_S),
        )
        kept.put(
            "DELETE FROM pending WHERE rowid IN (SELECT rowid FROM pending WHERE kind = ?"
            " ORDER BY expires DESC, rowid DESC LIMIT -1 OFFSET ?)",
            (kind, MOST),
        )


def look(kept: Book, owner: str, kind: str) -> Any:
    """What waits, or None; it goes on waiting."""
    row = kept.one(
        "SELECT data FROM pending WHERE digest = ? AND kind = ? AND expires > ?",
        (book.digest(owner), kind, kept.now),
    )
    return json.loads(row[0]) if row else None


def take(kept: Book, owner: str, kind: str) -> Any:
    """What waits, or None; it waits no longer."""
    with kept.writing():
        found = look(kept, owner, kind)
        kept.put("DELETE FROM pending WHERE digest = ? AND kind = ?", (book.digest(owner), kind))
    return found
