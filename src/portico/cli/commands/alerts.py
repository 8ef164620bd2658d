"""`portico alerts`: all that can call somebody, and whether it was ever proven that it does."""

from __future__ import annotations

import time
from typing import Any

import typer

from portico.cli import flags, place, screen, words
from portico.watch.alerts import standing
from portico.watch.alerts.alert import Alert

_COLOURS = {"critical": screen.BAD, "warning": screen.FAIR, "info": screen.CALM}
RUNBOOKS = "docs/runbooks"


def alerts(ctx: typer.Context, *, as_json: flags.Json = False) -> None:
    """List the alerts: what fires, and what a drill has proven.

    An alert that no drill has fired is unproven; `portico drill alert NAME` follows it to the pager.

    For example:
      portico alerts
      portico alerts --json | jq -r '.[] | select(.proven | not) | .name'
    """
    found = standing.standings(place.ledger(ctx))
    if as_json:
        screen.dump([_values(one) for one in found])
        return
    table = screen.table("alert", "severity", "state", "proven", "meaning")
    table.columns[-1].no_wrap = False
    blocks = []
    for one in found:
        name, meaning, colour = one.alert.name, one.alert.meaning, _COLOURS[one.alert.severity]
        severity, proof = f"[{colour}]{one.alert.severity}[/]", _proof(one, time.time())
        state = f"[{colour}]firing[/]" if one.firing else f"[{screen.CALM}]quiet[/]"
        table.add_row(name, severity, state, proof, meaning)
        blocks.append((f"{name}: {severity}, {state}", meaning, proof))
    screen.listed(table, blocks)
    screen.say(f"what to do about each: {RUNBOOKS}/NAME.md", style=screen.CALM)
    unproven = sum(not one.proven for one in found)
    if unproven:
        screen.say(
            f"{words.count(unproven, 'alert')} unproven: portico drill alert NAME, or all of them: all"
        )


def _proof(one: standing.Standing, now: float) -> str:
    """`to the pager in 6.3 s, 3 d ago`."""
    if one.drilled is None:
        return f"[{screen.FAIR}]unproven[/]"
    ago = f"{words.age(now - one.drilled.at)} ago"
    if not one.proven:
        return f"[{screen.BAD}]failed[/] {ago}"
    sent = one.drilled.data.get("sent_s")
    how = "" if one.drilled.data.get("how") == "live" else f", by {one.drilled.data.get('how')}"
    told = "seen, calls nobody" if sent is None else f"sent in {words.duration(sent)}"
    return f"[{screen.GOOD}]{told}[/] {ago}{how}"


def _runbook(alert: Alert) -> str:
    return f"{RUNBOOKS}/{alert.name}.md"


def _values(one: standing.Standing) -> dict[str, Any]:
    alert = one.alert
    return {
        "name": alert.name,
        "severity": alert.severity,
        "meaning": alert.meaning,
        "source": alert.source,
        "felt": alert.felt,
        "metrics": list(alert.metrics),
        "firing": [{"key": found.key, "sentence": found.sentence} for found, _ in one.firing],
        "proven": one.proven,
        "drilled": {"at": one.drilled.at, **one.drilled.data} if one.drilled else None,
        "runbook": _runbook(alert),
    }
