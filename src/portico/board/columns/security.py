"""The third column: monitor, alert, action. Pure."""

from __future__ import annotations

from portico.board import words
from portico.board.cell import SECURITY, Cell, Evidence, worst
from portico.board.numbers import FRESH_S
from portico.board.seen import Seen
from portico.respond.actions.plan import POLICY
from portico.watch.alerts.table import ALERTS

SOON_S = 15.0
"""From damage to a message that was sent, as is promised."""


def cells(seen: Seen) -> tuple[Cell, Cell, Cell]:
    return _monitor(seen), _alert(seen), _action(seen)


def _monitor(seen: Seen) -> Cell:
    promise = "Monitor"
    evidence = Evidence("/metrics", "metrics", "portico metrics list")
    told, looks = seen.numbers, (seen.state.get("watch") or {}).get("probes")
    if told.at is None:
        return Cell(SECURITY, promise, "", "not measured yet: the watcher has written no number", evidence)
    old = seen.now - told.at
    says = f"numbers measured now, the newest {words.span(old)} ago"
    tone = "good" if old <= FRESH_S else "bad"
    if tone == "bad":
        says = f"numbers measured now: nothing has been written for {words.span(old)}"
    if not looks:
        return Cell(
            SECURITY, promise, words.number(told.series), says, evidence, worst(tone, "none"), "", told.at
        )
    more = f"{words.count(looks['looked'], 'look')} from outside, {_well(looks['failing'])}"
    tone = worst(tone, "fair" if looks["failing"] else "good")
    return Cell(SECURITY, promise, words.number(told.series), says, evidence, tone, more, told.at)


def _well(failing: int) -> str:
    return f"{failing} fail" if failing else "all well"


def _alert(seen: Seen) -> Cell:
    promise = "Alert"
    evidence = Evidence("/alerts", "alerts", "portico alerts")
    proofs = [proof for proof in seen.past.proofs if proof.subject in ALERTS]
    if not proofs:
        says = f"not measured yet: none of {len(ALERTS)} alerts was proven by a drill"
        return Cell(SECURITY, promise, "", says, evidence)
    passed = [proof for proof in proofs if proof.data.get("passed")]
    failed = [proof.subject for proof in proofs if not proof.data.get("passed")]
    sent = [float(proof.data["sent_s"]) for proof in passed if proof.data.get("sent_s") is not None]
    more = f"{len(passed)} of {len(ALERTS)} alerts proven"
    if failed:
        more += f"; failed: {', '.join(failed)}"
    elif len(passed) < len(ALERTS):
        more += f", {len(ALERTS) - len(passed)} never fired by a drill"
    at = max(proof.at for proof in proofs)
    if not sent:
        return Cell(
            SECURITY, promise, "", "not measured yet: no message was sent in a drill", evidence, more=more
        )
    slow = max(sent)
    tone = "bad" if failed else "fair" if slow > SOON_S else "good" if len(passed) == len(ALERTS) else "none"
    says = "from damage to a message to a person, the slowest alert"
    return Cell(SECURITY, promise, words.took(slow), says, evidence, tone, more, at)


def _action(seen: Seen) -> Cell:
    promise = "Action"
    evidence = Evidence("/orders", "orders", "portico events")
    actions = seen.past.actions
    alone = sum(order.by == POLICY for order in actions)
    failed = sum(order.state == "failed" for order in actions)
    tone = "fair" if seen.past.asked or failed else "none" if seen.past.scan is None else "good"
    waits = f"{words.count(len(seen.past.asked), 'question')} for a person. " if seen.past.asked else ""
    broken = f"{failed} failed. " if failed else ""
    says = f"{'action' if len(actions) == 1 else 'actions'} taken this month, {alone} by itself"
    at = actions[-1].at if actions else None
    return Cell(
        SECURITY, promise, str(len(actions)), says, evidence, tone, waits + broken + _scanned(seen), at
    )


def _scanned(seen: Seen) -> str:
    scan = seen.past.scan
    if scan is None:
        return "Scanning and patching not measured yet: no scan has run"
    found = "clean" if scan.data.get("ok", True) else "with findings"
    return f"Scanned {words.span(seen.now - scan.at)} ago, {found}"
