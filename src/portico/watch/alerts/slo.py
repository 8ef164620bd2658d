"""Alerts on the promises to visitors: budgets that burn too fast, or are gone."""

from __future__ import annotations

from collections.abc import Iterator

from portico.model import Severity
from portico.watch.alerts.alert import Alert, Case, Trouble
from portico.watch.collect.edge import RESPONSES
from portico.watch.collect.edge_log import DURATION
from portico.watch.probes.metrics import AGREED
from portico.watch.slo import words
from portico.watch.slo.budget import LEAST_BAD, State
from portico.watch.view import View

METRICS = (RESPONSES.name, DURATION.name, AGREED.name)


def _burning_fast(view: View) -> Iterator[Trouble]:
    return _burning(view, "fast")


def _burning_slow(view: View) -> Iterator[Trouble]:
    return _burning(view, "slow")


def _burning(view: View, pace: str) -> Iterator[Trouble]:
    for state in _states(view):
        if state.firing == pace:
            yield Trouble(f"{state.objective.capitalize()}: {words.sentence(state)}", *_where(state))


def _exhausted(view: View) -> Iterator[Trouble]:
    for state in _states(view):
        if state.left <= 0 and state.total - state.good >= LEAST_BAD:
            told = f"{state.objective.capitalize()}: {words.sentence(state)}"
            yield Trouble(told, *_where(state))


def _where(state: State) -> tuple[str, None, dict[str, str]]:
    return state.objective, None, {"objective": state.objective}


def _states(view: View) -> list[State]:
    return list(view.facts.get("slo", ()))


_FINE = State("availability", 0.9995, 99_999, 100_000, 0.98, burns={3600.0: 0.1})
_FAST = State(
    "availability",
    0.9995,
    98_000,
    100_000,
    0.4,
    burns={3600.0: 40.0},
    firing="fast",
    exhausted_in_s=25_920.0,
    by="requests",
)
_SLOW = State(
    "latency",
    0.99,
    98_500,
    100_000,
    0.6,
    burns={3600.0: 1.5},
    firing="slow",
    exhausted_in_s=1_036_800.0,
    by="requests",
)
_GONE = State("availability", 0.9995, 99_900, 100_000, -1.0, burns={3600.0: 0.0}, by="looks")

ALERTS = (
    Alert(
        "slo-burning-fast",
        Severity.CRITICAL,
        "An error budget burns so fast that it would be gone within days, and it goes on now.",
        METRICS,
        _burning_fast,
        fires=Case(facts={"slo": [_FAST]}),
        quiet=Case(facts={"slo": [_FINE, _SLOW]}),
        clear_s=60.0,
        felt=True,
    ),
    Alert(
        "slo-burning-slow",
        Severity.WARNING,
        "An error budget has burned too fast for days; it needs a look, not at night.",
        METRICS,
        _burning_slow,
        fires=Case(facts={"slo": [_SLOW]}),
        quiet=Case(facts={"slo": [_FINE, _FAST]}),
        clear_s=60.0,
    ),
    Alert(
        "budget-exhausted",
        Severity.WARNING,
        "An error budget is gone: the promise for its window is broken.",
        METRICS,
        _exhausted,
        fires=Case(facts={"slo": [_GONE]}),
        quiet=Case(facts={"slo": [_FINE, _FAST]}),
        clear_s=60.0,
    ),
)
