"""How a promise stands, in words for people. Pure."""

from __future__ import annotations

from portico.watch.slo.budget import State

EARLY_S = 86400.0
"""Nights and days differ: what was measured for less foretells nothing."""


def forecast(state: State) -> str:
    """When the budget will be gone at the burn of now."""
    if state.total <= 0:
        return "nothing was measured yet"
    if state.left <= 0:
        return "the budget is exhausted"
    if state.exhausted_in_s is None:
        early = state.measured_s < EARLY_S and not state.whole
        return f"measured for {span(state.measured_s)} so far" if early else "the budget lasts"
    return f"exhausted in {span(state.exhausted_in_s)} at this burn"


def sentence(state: State) -> str:
    """`99.62 % of requests were good, 99.95 % are promised; the error budget burns ...`."""
    were = f"{percent(state.measured)} of {state.by or 'all'} were good, {percent(state.target)} are promised"
    if state.left <= 0:
        return f"{were}; {forecast(state)}."
    return f"{were}; the error budget burns {state.burn:.1f} times as fast as it may: {forecast(state)}."


def percent(ratio: float | None) -> str:
    """With as many digits as tell a promise from a perfect record."""
    return "none" if ratio is None else f"{ratio * 100:.4f}".rstrip("0").rstrip(".") + " %"


def span(seconds: float) -> str:
    """`40 s`, `12 min`, `3 h`, `9 d`."""
    for unit, size in (("d", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * size or (unit == "min" and seconds >= size):
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
