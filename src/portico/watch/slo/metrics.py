"""How the promises stand, as numbers: for charts, and for whoever alerts on them elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from portico.watch import signal
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal
from portico.watch.slo.budget import State

OWNER = "promises"
_OBJECTIVE = ("objective",)
_WINDOW = ("objective", "window")

TARGET = Metric(
    "portico_slo_target_ratio",
    Kind.GAUGE,
    "ratio",
    "The promised share of good ones.",
    OWNER,
    _OBJECTIVE,
    judged=False,
)
MEASURED = Metric(
    "portico_slo_measured_ratio",
    Kind.GAUGE,
    "ratio",
    "The share of good ones over the promise's window; none before the first was counted.",
    OWNER,
    _OBJECTIVE,
    judged=False,
)
LEFT = Metric(
    "portico_slo_budget_left_ratio",
    Kind.GAUGE,
    "ratio",
    "What is left of the error budget; below 0 it is overspent.",
    OWNER,
    _OBJECTIVE,
    judged=False,
)
BURN = Metric(
    "portico_slo_burn",
    Kind.GAUGE,
    "",
    "How many times too fast the budget burned in the window; 1 spends it just in its time.",
    OWNER,
    _WINDOW,
    judged=False,
)
BAD = Metric(
    "portico_slo_bad", Kind.GAUGE, "", "How many bad ones the window held.", OWNER, _WINDOW, judged=False
)
EXHAUSTED = Metric(
    "portico_slo_exhausted_in_seconds",
    Kind.GAUGE,
    "seconds",
    "When the budget will be gone at this burn; none while it lasts.",
    OWNER,
    _OBJECTIVE,
    judged=False,
)
METRICS = (TARGET, MEASURED, LEFT, BURN, BAD, EXHAUSTED)


def signals(states: Iterable[State]) -> Iterator[Signal]:
    for state in states:
        objective = {"objective": state.objective}
        yield signal.of(TARGET.name, state.target, **objective)
        if state.measured is not None:
            yield signal.of(MEASURED.name, state.measured, **objective)
        yield signal.of(LEFT.name, state.left, **objective)
        for length, rate in sorted(state.burns.items()):
            yield signal.of(BURN.name, rate, **objective, window=window(length))
        for length, count in sorted(state.bad.items()):
            yield signal.of(BAD.name, count, **objective, window=window(length))
        if state.exhausted_in_s is not None:
            yield signal.of(EXHAUSTED.name, state.exhausted_in_s, **objective)


def window(seconds: float) -> str:
    """The label's value, as `portico slo --json` calls it, too."""
    return f"{seconds:.0f}s"
