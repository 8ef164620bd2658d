"""How each channel did lately, kept in the ledger: who fails is told through the others."""

from __future__ import annotations

from typing import Any

from portico.config.responding import Notify
from portico.ledger.ledger import Ledger
from portico.model import Finding, Severity
from portico.notify.failure import Failure

FAILS = 3
"""So many temporary failures in a row are trouble; one that is not temporary is at once."""

_SEEN = "notify.channels"


def note(ledger: Ledger, channel: str, failure: Failure | None) -> None:
    """Remember what came of a try."""
    with ledger.writing():
        known = of(ledger)
        if failure is None:
            if known.pop(channel, None) is None:
                return
        else:
            before = known.get(channel, {"fails": 0, "since": ledger.now})
            known[channel] = {
                "fails": before["fails"] + 1,
                "since": before["since"],
                "why": failure.reason,
                "lasting": not failure.temporary,
            }
        ledger.see(_SEEN, known)


def of(ledger: Ledger) -> dict[str, dict[str, Any]]:
    """What is known of the channels whose last try failed."""
    seen = ledger.seen(_SEEN)
    return dict(seen[0]) if seen else {}


def troubles(ledger: Ledger, notify: Notify) -> dict[str, Finding]:
    found = {}
    for name, state in failing(ledger, notify).items():
        sentence = f"Messages do not get through to {name}: {state['why']}."
        finding = Finding(
            f"notify-failing:{name}", Severity.WARNING, sentence, {"part": "watcher", "channel": name}
        )
        found[finding.key] = finding
    return found


def failing(ledger: Ledger, notify: Notify) -> dict[str, dict[str, Any]]:
    """The channels that fail for good, or for long enough."""
    return {
        name: state
        for name, state in of(ledger).items()
        if notify.channel(name) and (state["lasting"] or state["fails"] >= FAILS)
    }
