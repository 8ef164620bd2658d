"""Whether the homepage is well, in one chip that stands on every page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from portico.board import age
from portico.board.age import Age
from portico.ledger import incidents
from portico.ledger.incidents import Incident
from portico.ledger.ledger import Ledger
from portico.model import Finding, Severity

INCIDENTS, ALERTS, OPERATE = "/incidents", "/alerts", "/operate"
"""Pages of the console."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """`tone` is good, fair, bad, calm or none."""

    tone: str
    words: str
    href: str = ""


def of(ledger: Ledger) -> Pulse:
    found = [finding for finding, _ in ledger.findings()]
    status = ledger.seen("status")
    wished = tuple(wishes(status[0])) if status else ()
    return judge(age.of(ledger), incidents.current(ledger), found, wished)


def wishes(status: Mapping[str, Any]) -> Iterator[str]:
    """What is so because somebody wanted it, and easily forgot it."""
    if status.get("mirror_only"):
        yield "mirror alone"
    yield from (f"{cluster['name']} is drained" for cluster in status["clusters"] if cluster.get("drained"))
    if status.get("shield"):
        yield "shield up"


def judge(
    known: Age, open_ones: Sequence[Incident], findings: Sequence[Finding], wished: Sequence[str] = ()
) -> Pulse:
    """The worst that is known. A silence is told beside it: what is shown of it may be over, or worse."""
    if not known.begun:
        return Pulse("none", "nothing runs yet")
    real = [one for one in open_ones if not _practised(one)]
    silent = f"{known.silent[0].name} silent" if known.silent else ""
    if real:
        worst = _incidents(real)
        return replace(worst, words=f"{worst.words}, {silent}") if silent else worst
    if silent:
        return Pulse("fair", silent)
    off = [
        finding for finding in findings if finding.severity != Severity.INFO and not finding.data.get("drill")
    ]
    if off:
        return _findings(off)
    if open_ones:
        return Pulse("calm", "drill running", f"{INCIDENTS}/{open_ones[-1].id}")
    if wished:
        return Pulse("calm", ", ".join(wished), OPERATE)
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
