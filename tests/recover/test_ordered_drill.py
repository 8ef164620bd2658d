from __future__ import annotations

from portico.config import load
from portico.kit.errors import Exit
from portico.ledger.ledger import Ledger
from portico.recover import __main__ as ordered


def test_a_drill_that_can_not_be_run_says_why_in_the_ledger(tmp_path):
    (tmp_path / "portico.toml").write_text("")
    config = load.load(tmp_path / "portico.toml", tmp_path / "home", cwd=tmp_path)
    ledger = Ledger(config.home.create().ledger)
    assert ordered.run("drill", "replica", config) == Exit.UNAVAILABLE
    assert ordered.run("alert", "no-such-alert", config) == Exit.FAILED
    told = [(event.subject, event.data["why"]) for event in ledger.events(kind=ordered.REFUSED)]
    ledger.close()
    assert "nothing is live here" in told[0][1]
    assert told[1][0] == "no-such-alert"
