"""What a drill proved, judged from what was noted and played. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portico.recover.notes import Notes
from portico.recover.played import Failure, Fault, Played

CUT_WITHIN_S = 1.0
"""How long before its connection was killed a request may have been sent, to count as cut by that."""


class Result(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Report:
    """`failed` by class, without the `cut` ones. Seconds since the strike, None for what never came about."""

    drill: str
    result: Result
    why: str
    told: str
    failed: dict[str, int]
    cut: int
    eject_s: float | None
    heal_s: float | None
    played: Played
    measured: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        """As it stands in the ledger and in `--json`."""
        played = self.played
        return {
            "result": self.result,
            "why": self.why,
            "told": self.told,
            "sent": played.sent,
            "answered": played.answered,
            "failed": sum(self.failed.values()),
            "failures": self.failed,
            "cut": self.cut,
            "retried": played.retried,
            "p50_ms": played.p50,
            "p99_ms": played.p99,
            "p999_ms": played.p999,
            "slowest_ms": played.slowest,
            "lag_p99_ms": played.lag_p99,
            "eject_s": self.eject_s,
            "heal_s": self.heal_s,
            "rate": played.rate,
            "seconds": played.seconds,
            "measured": self.measured,
            "examples": [str(fault) for fault in played.faults[:5]],
        }


def judge(drill: str, bound_s: float, notes: Notes, played: Played) -> Report:
    """Passed only when nobody noticed, all healed in time, every promise was kept and the player was fit."""
    cut = [fault for fault in played.faults if _was_cut(fault, notes, played)]
    failed = dict(played.failed)
    for fault in cut:
        failed[fault.failure] -= 1
    failed = {failure: count for failure, count in failed.items() if count}
    reasons = list(_reasons(failed, bound_s, notes))
    result = Result.VOID if played.void else Result.FAILED if reasons else Result.PASSED
    return Report(
        drill=drill,
        result=result,
        why=played.void or "; ".join(reasons),
        told=notes.told,
        failed=failed,
        cut=len(cut),
        eject_s=notes.eject_s,
        heal_s=notes.heal_s,
        played=played,
        measured=notes.measured,
    )


def _reasons(failed: dict[str, int], bound_s: float, notes: Notes) -> list[str]:
    reasons = [f"{count} requests failed: {failure}" for failure, count in failed.items()]
    if notes.heal_s is None:
        reasons.append(f"not healed within {bound_s:g} s")
    return [*reasons, *dict.fromkeys(notes.wrong)]


def _was_cut(fault: Fault, notes: Notes, played: Played) -> bool:
    sent = played.started + fault.at
    cut = any(until - CUT_WITHIN_S <= sent <= until for until in notes.cuts)
    return cut and fault.failure in {Failure.RESET, Failure.SHORT}
