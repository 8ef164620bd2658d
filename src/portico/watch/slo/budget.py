"""The arithmetic of error budgets, on good and total alone. Pure.

Burn rates and windows are those of the SRE workbook ("Alerting on SLOs", multiwindow, multi-burn-rate).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

MONTH_S = 30 * 86400.0
"""The workbook's windows are for a promise about 30 days; another promise has them in proportion."""

LEAST_BAD = 10
"""Fewer bad ones in the long window page nobody, whatever share they are of a quiet night's traffic."""

STILL_BAD = 2
"""So many in the short window show that it goes on."""

SHORTEST_S = 60.0
NEARLY = 0.95


@dataclass(frozen=True, slots=True)
class Counted:
    """Requests, or looks, of a time in which so many seconds were measured at all."""

    good: float = 0.0
    total: float = 0.0
    measured_s: float = 0.0

    @property
    def bad(self) -> float:
        return max(0.0, self.total - self.good)

    @property
    def error(self) -> float:
        """The share of bad ones; none in no traffic."""
        return self.bad / self.total if self.total > 0 else 0.0


Count = Callable[[float], Counted]
"""What was counted in the last so many seconds."""


@dataclass(frozen=True, slots=True)
class Window:
    """An alert when the budget burns `rate` times too fast over both; `page` says that it can't wait."""

    long_s: float
    short_s: float
    rate: float
    page: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """`target` is the promised share of good ones over `window_s` seconds."""

    objective: str
    target: float
    window_s: float

    @property
    def budget(self) -> float:
        return 1.0 - self.target


@dataclass(frozen=True, slots=True)
class State:
    """How a promise stands. `left` is the budget's share that is left, below 0 when it is overspent.

    `burns` are the burn rates by window in seconds, 1.0 spending the budget just in its time; `bad` are how
    many bad ones these windows, and the promise's own, held. `firing` is fast, slow or empty. `by` tells
    whose counts these are, the worst of all that measure the promise. `measured_s` is how much of the window
    was measured at all.
    """

    objective: str
    target: float
    good: float
    total: float
    left: float
    window_s: float = MONTH_S
    burns: Mapping[float, float] = field(default_factory=dict)
    firing: str = ""
    exhausted_in_s: float | None = None
    by: str = ""
    bad: Mapping[float, float] = field(default_factory=dict)
    measured_s: float = MONTH_S

    @property
    def whole(self) -> bool:
        """Whether the window was measured, but for what a restart or an upgrade takes."""
        return self.measured_s >= NEARLY * self.window_s

    @property
    def measured(self) -> float | None:
        return self.good / self.total if self.total > 0 else None

    @property
    def burn(self) -> float:
        """Over the shortest of the long windows, an hour of a month: the burn of now."""
        return self.burns.get(windows(self.window_s)[0].long_s, 0.0)


def windows(window_s: float) -> tuple[Window, ...]:
    """2 %, 5 % and 10 % of the budget, the fastest first."""
    part = window_s / MONTH_S
    return tuple(
        Window(long_s * part, max(SHORTEST_S, short_s * part), rate, page)
        for long_s, short_s, rate, page in (
            (3600.0, 300.0, 14.4, True),
            (21600.0, 1800.0, 6.0, True),
            (259200.0, 21600.0, 1.0, False),
        )
    )


def burn(counted: Counted, promise: Promise, seconds: float) -> float:
    """How many times too fast over these `seconds`. When nothing was measured, nothing was bad."""
    return counted.error * min(1.0, counted.measured_s / seconds) / promise.budget


def judge(promise: Promise, count: Count, by: str = "") -> State:
    """How the promise stands by one count."""
    whole = count(promise.window_s)
    ladder = windows(promise.window_s)
    lengths = {length for window in ladder for length in (window.long_s, window.short_s)}
    counts = {length: count(length) for length in sorted(lengths)}
    burns = {length: burn(counted, promise, length) for length, counted in counts.items()}
    left = 1.0 - burn(whole, promise, promise.window_s)
    return State(
        promise.objective,
        promise.target,
        whole.good,
        whole.total,
        left,
        promise.window_s,
        burns,
        _firing(ladder, counts, burns),
        _exhausted_in(left, burns[ladder[0].long_s], promise.window_s),
        by,
        {length: counted.bad for length, counted in counts.items()} | {promise.window_s: whole.bad},
        whole.measured_s,
    )


def worst(states: list[State]) -> State:
    """What the promise is held against: visitors suffer from the worse of what is measured."""
    return max(states, key=lambda state: (_URGENCY[state.firing], -state.left, state.total))


_URGENCY = {"fast": 2, "slow": 1, "": 0}


def _firing(ladder: tuple[Window, ...], counts: Mapping[float, Counted], burns: Mapping[float, float]) -> str:
    for window in ladder:
        enough = counts[window.long_s].bad >= LEAST_BAD and counts[window.short_s].bad >= STILL_BAD
        if enough and min(burns[window.long_s], burns[window.short_s]) >= window.rate:
            return "fast" if window.page else "slow"
    return ""


def _exhausted_in(left: float, rate: float, window_s: float) -> float | None:
    """Seconds until nothing is left at this burn; None when the budget lasts for its time."""
    if left <= 0:
        return 0.0
    return left * window_s / rate if rate > 1 else None
