"""How old what is known is: a page that shows yesterday's numbers as today's is worse than none."""

from __future__ import annotations

from dataclasses import dataclass

from portico.ledger.ledger import Ledger

OLD_S = 15.0
"""Keeper and watcher show what they see every second or so; their longest pause fits in."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Somebody who looks at the world, and when he last told of it; `at` is None before the first time.

    `runbook` names what to do when he is silent.
    """

    name: str
    at: float | None
    silent_s: float
    means: str
    runbook: str

    @property
    def old(self) -> bool:
        return self.silent_s > OLD_S


@dataclass(frozen=True, slots=True)
class Age:
    keeper: Heard
    watcher: Heard
    begun: bool
    """Whether anything was ever told at all."""

    @property
    def silent(self) -> tuple[Heard, ...]:
        return tuple(heard for heard in (self.keeper, self.watcher) if heard.old)


def of(ledger: Ledger) -> Age:
    status, watch = ledger.seen("status"), ledger.seen("watch")
    return judge(status and status[1], watch and watch[1], ledger.now)


def judge(keeper_at: float | None, watcher_at: float | None, now: float) -> Age:
    return Age(
        Heard(
            "keeper",
            keeper_at,
            _silence(keeper_at, now),
            "Visitors are served all the same; nothing is healed, and no order is carried out.",
            "keeper-down",
        ),
        Heard(
            "watcher",
            watcher_at,
            _silence(watcher_at, now),
            "Visitors are served all the same; nothing is measured, and nobody would be told of trouble.",
            "watcher-restarted",
        ),
        begun=keeper_at is not None or watcher_at is not None,
    )


def _silence(at: float | None, now: float) -> float:
    return float("inf") if at is None else max(0.0, now - at)
