"""Times in which nothing of the stack ran at all: told once, by whoever watches first afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from portico.ledger.ledger import Ledger
from portico.model import Finding, Severity
from portico.watch import signal
from portico.watch.answer import What
from portico.watch.probes.metrics import AGREED
from portico.watch.probes.report import EDGE

TOLD_S = 60.0
"""So long it is shown as something that is off; it is over by then."""

LONG_S = 25.0
"""More than that burns the budget of a usual promise fast (see slo-burning-fast), so it is as critical."""

OLD_S = 3600.0
"""An absence that ended so long ago is no news."""

MOST_S = 86400.0
"""Of a longer absence, the last day is counted."""

STEP_S = 60.0

_TOLD = "absence"


@dataclass(frozen=True, slots=True)
class Absence:
    """From the last sign of life to the edge's next start, seconds since the epoch. `seq` is its event."""

    seq: int
    since: float
    until: float

    @property
    def seconds(self) -> float:
        return self.until - self.since


def last(ledger: Ledger) -> Absence | None:
    """The latest, unless the stack was stopped and started since."""
    event = ledger.last_of(("stack.absent", "stack.stopped"))
    if event is None or event.kind != "stack.absent":
        return None
    started = ledger.events(after=event.seq, kind="edge.started")
    return Absence(event.seq, event.data["since"], started[0].at if started else event.at)


class Telling:
    """Holds the finding open for a minute, whatever becomes of the watcher meanwhile."""

    def __init__(self, ledger: Ledger) -> None:
        self._absence = last(ledger)
        self._is_new, self._until = False, 0.0
        if self._absence and ledger.now - self._absence.until < OLD_S:
            known = ledger.seen(_TOLD)
            self._is_new = known is None or known[0] != self._absence.seq
            began = ledger.now if known is None or self._is_new else known[1]
            self._until = began + TOLD_S
        if self._absence and self._is_new:
            ledger.see(_TOLD, self._absence.seq)

    def findings(self, now: float) -> dict[str, Finding]:
        if self._absence is None or now >= self._until:
            return {}
        found = finding(self._absence)
        return {found.key: found}

    def missed(self, looks_every_s: float) -> Iterator[tuple[float, dict[str, float]]]:
        """The looks that were not made, as rounds for the store of series; each absence is counted once."""
        return missed(self._absence, looks_every_s) if self._absence and self._is_new else iter(())


def finding(absence: Absence) -> Finding:
    severity = Severity.CRITICAL if absence.seconds > LONG_S else Severity.WARNING
    since, until = _clock(absence.since, absence.until)
    told = f"Portico was not running from {since} to {until} ({_long(absence.seconds)})"
    return Finding("stack-restarted", severity, f"{told}: visitors got no answer.", {"part": "stack"})


def missed(absence: Absence, looks_every_s: float) -> Iterator[tuple[float, dict[str, float]]]:
    """Each minute or rest of one with as many failed looks as would have been made: nobody was answered."""
    key = signal.of(AGREED.name, 0, target=EDGE, result=What.UNREACHABLE).key
    at = max(absence.since, absence.until - MOST_S)
    while at < absence.until:
        step_s = min(STEP_S, absence.until - at)
        at += step_s
        yield at, {key: float(max(1, round(step_s / looks_every_s)))}


def _clock(since: float, until: float) -> tuple[str, str]:
    first, second = (datetime.fromtimestamp(at).astimezone() for at in (since, until))
    shape = "%H:%M:%S" if first.date() == second.date() else "%Y-%m-%d %H:%M:%S"
    return first.strftime(shape), second.strftime(shape)


def _long(seconds: float) -> str:
    if seconds < 2 * 60:
        return f"{seconds:.0f} s"
    minutes, hours = round(seconds / 60), seconds / 3600
    return f"{minutes} min" if minutes < 120 else f"{hours:.0f} h"
