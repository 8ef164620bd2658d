"""What became of the keeper before this one, and whether anybody was answered meanwhile."""

from __future__ import annotations

from portico.ledger.ledger import Ledger

LEAST_S = 5.0
"""A stack that was away for less is mended, not absent."""

_ENDS = ("keeper.stopped", "stack.stopped")
_KINDS = ("keeper.started", *_ENDS)


def note(ledger: Ledger, *, edge_runs: bool) -> None:
    """Before the new keeper says that it started. Nothing where the stack was taken down, or never ran."""
    before = ledger.last_of(_KINDS)
    seen = max((found[1] for key in ("status", "watch") if (found := ledger.seen(key))), default=None)
    if before is None or before.kind == "stack.stopped" or seen is None:
        return
    if not edge_runs and ledger.now - seen >= LEAST_S:
        ledger.record("stack.absent", "stack", since=seen)
    elif before.kind not in _ENDS:
        ledger.record("keeper.died", "keeper", pid=before.data.get("pid"), since=seen)
