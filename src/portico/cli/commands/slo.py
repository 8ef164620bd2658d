"""`portico slo`: the promises to visitors, and how their error budgets stand."""

from __future__ import annotations

import time
from typing import Any

import typer
from rich.text import Text

from portico.cli import flags, place, screen, words
from portico.watch.series import read
from portico.watch.slo import budget
from portico.watch.slo import words as told
from portico.watch.slo.budget import State
from portico.watch.slo.judge import Slos

WIDTH = 10


def slo(ctx: typer.Context, *, as_json: flags.Json = False) -> None:
    """Show how the promises to visitors stand.

    For each: what was measured, what is left of its error budget, how fast that burns, how long it lasts.
    A burn of 1 spends the budget just in its time. All of it is read from what was measured, so it is told
    while the watcher is down, too. What is promised stands in portico.toml under [slo].

    For example:
      portico slo
      portico slo --json | jq '.[] | {objective, left}'
    """
    config = place.config(ctx)
    place.ledger(ctx).close()
    states = Slos(config, read.Reader(config.home.series)).look(time.time())
    if as_json:
        screen.dump([_values(state) for state in states])
        return
    fast, slow, _ = budget.windows(states[0].window_s)
    longs = [fast.long_s, slow.long_s]
    names = [f"burn {words.age(length)}" for length in longs]
    table = screen.table(
        "objective", "target", "measured", "budget left", *names, "forecast", right=tuple(names)
    )
    table.columns[-1].no_wrap = False
    for state in states:
        table.add_row(
            state.objective,
            told.percent(state.target),
            told.percent(state.measured),
            _left(state),
            *(_burn(state, length) for length in longs),
            told.forecast(state),
        )
    screen.listed(table, [_block(state, longs) for state in states])
    screen.say(
        f"over {states[0].window_s / 86400:g} days; slo/window_days in portico.toml", style=screen.CALM
    )


def _block(state: State, longs: list[float]) -> tuple[str | Text, ...]:
    promised = f"promised {told.percent(state.target)}"
    if state.total <= 0:
        return f"{state.objective}: {promised}", told.forecast(state)
    head = f"{state.objective}: {told.percent(state.measured)}, {promised}"
    burns = ", ".join(f"burn {words.age(length)} {_burn(state, length)}" for length in longs)
    return head, _left(state).append(" of the budget left"), burns, told.forecast(state)


def _burn(state: State, length: float) -> str:
    return f"{state.burns[length]:.1f}" if state.total > 0 else "-"


def _left(state: State) -> Text:
    """What is left of the budget, as a bar and in percent."""
    if state.total <= 0:
        return Text("─" * WIDTH, style=screen.CALM)
    filled = round(max(0.0, min(1.0, state.left)) * WIDTH)
    bar = ("━" * filled, _colour(state)), ("─" * (WIDTH - filled), screen.CALM)
    return Text.assemble(*bar, (f" {state.left * 100:.0f} %", _colour(state)))


def _colour(state: State) -> str:
    if state.left <= 0 or state.firing == "fast":
        return screen.BAD
    return screen.FAIR if state.firing or state.left < 0.25 else screen.GOOD


def _values(state: State) -> dict[str, Any]:
    return {
        "objective": state.objective,
        "target": state.target,
        "measured": state.measured,
        "by": state.by,
        "good": state.good,
        "total": state.total,
        "left": state.left,
        "burns": {f"{length:.0f}s": rate for length, rate in sorted(state.burns.items())},
        "firing": state.firing or None,
        "exhausted_in_s": state.exhausted_in_s,
        "forecast": told.forecast(state),
        "window_days": state.window_s / 86400,
    }
