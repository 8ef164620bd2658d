"""A drill says in the ledger from when until when it broke something."""

from __future__ import annotations

import contextlib
from pathlib import Path

from portico.ledger.ledger import Ledger
from portico.recover import practising


def test_the_ledger_knows_when_a_drill_began_and_ended_also_where_it_was_broken_off(tmp_path: Path):
    ledger = Ledger(tmp_path / "ledger.db")
    for broken_off in (contextlib.nullcontext(), contextlib.suppress(ZeroDivisionError)):
        with broken_off, practising.told(ledger, "drill", "cluster", until=9e9):
            found = ledger.seen("drill.running")
            assert found
            assert found[0] == {"name": "cluster", "until": 9e9}
            _ = 1 / (0 if isinstance(broken_off, contextlib.suppress) else 1)
        over = ledger.seen("drill.running")
        assert over
        assert over[0] is None
    kinds = [(event.kind, event.subject) for event in ledger.events()]
    assert kinds == [("drill.began", "cluster"), ("drill.ended", "cluster")] * 2
    ledger.close()
