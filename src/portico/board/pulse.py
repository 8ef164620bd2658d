"""Whether the homepage is well, in one chip that stands on every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portico.board import age
from portico.board.age import Age
from portico.ledger import incidents
from portico.ledger.incidents import Incident
from portico.ledger.ledger import Ledger
from portico.model import Finding, Severity

INCIDENTS, ALERTS = "/incidents", "/alerts"
"""Pages of the console."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """`tone` is good, fair, bad, calm or none."""

    tone: str
    words: str
    href: str = ""


def of(ledger: Ledger) -> Pulse:
    found = [finding for finding, _ in ledger.findings()]
    return judge(age.of(ledger), incidents.current(ledger), found)


def judge(known: Age, open_ones: Sequence[Incident], findings: Sequence[Finding]) -> Pulse:
    """The worst that is known; a silent keeper is worse than nothing to tell."""
    if not known.begun:
        return Pulse("none", "nothing runs yet")
    real = [one for one in open_ones if not _practised(one)]
    if real:
        return _incidents(real)
    if known.silent:
        return Pulse("fair", f"{known.silent[0].name} silent")
    off = [
        finding for finding in findings if finding.severity != Severity.INFO and not finding.data.get("drill")
    ]
    if off:
        return _findings(off)
    if open_ones:
        return Pulse("calm", "drill running", f"{INCIDENTS}/{open_ones[-1].id}")
    return Pulse("good", "all well")


def _incidents(real: Sequence[Incident]) -> Pulse:
    worst = max(real, key=lambda one: one.severity == Severity.CRITICAL)
    tone = "bad" if worst.severity == Severity.CRITICAL else "fair"
    if len(real) == 1:
        return Pulse(tone, "1 open incident", f"{INCIDENTS}/{worst.id}")
    return Pulse(tone, f"{len(real)} open incidents", INCIDENTS)


def _findings(off: Sequence[Finding]) -> Pulse:
    critical = any(finding.severity == Severity.CRITICAL for finding in off)
    words = "something is off" if len(off) == 1 else f"{len(off)} things are off"
    return Pulse("bad" if critical else "fair", words, ALERTS)


def _practised(incident: Incident) -> bool:
    return bool(incident.data.get("drill"))
