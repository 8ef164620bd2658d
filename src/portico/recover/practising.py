"""Says in the ledger that something is broken on purpose, from when until when, for drills and proofs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from portico.ledger.ledger import Ledger

BEGAN, ENDED = "drill.began", "drill.ended"
SEEN = {"drill": "drill.running", "alert": "drill.alert"}
"""Where whoever looks now finds it, by what is practised."""


@contextlib.contextmanager
def told(ledger: Ledger, what: str, name: str, until: float, **more: Any) -> Iterator[None]:
    """`what` is drill or alert. The two events are for who counts a month later."""
    with ledger.writing():
        ledger.see(SEEN[what], {"name": name, "until": until, **more})
        ledger.record(BEGAN, name, what=what, until=round(until, 3), **more)
    try:
        yield
    finally:
        with ledger.writing():
            ledger.see(SEEN[what], None)
            ledger.record(ENDED, name, what=what)
