"""Alerts on Datadog: it is silent, or says something else than we do. Our own alerts go on.

What can't be sent to it for long is told as of every other way out, see `exports`.
"""

from __future__ import annotations

from collections.abc import Iterator

from portico.model import Severity
from portico.watch.alerts.alert import Alert, Case, Trouble
from portico.watch.export.datadog.standing import Disagreement, Standing
from portico.watch.view import View

PART = {"part": "datadog"}
SHOWN = 3


def _silent(view: View) -> Iterator[Trouble]:
    for standing in _standings(view):
        if standing.silent:
            why = f" ({standing.trouble})" if standing.trouble else ""
            told = f"Datadog has given no good answer for {standing.silent_s / 60:.0f} min{why}."
            yield Trouble(f"{told} Our own alerts go on.", data=PART)


def _disagrees(view: View) -> Iterator[Trouble]:
    """Where it is silent, that is told."""
    for standing in _standings(view):
        found = standing.disagreements
        if found and not standing.silent:
            more = f" (and {len(found) - SHOWN} more)" if len(found) > SHOWN else ""
            told = "; ".join(_told(one) for one in found[:SHOWN])
            yield Trouble(f"Datadog sees it otherwise: {told}{more}.", data=PART)


def _told(one: Disagreement) -> str:
    ours = "it fires here" if one.ours else "all is well here"
    return f"{one.name} says {one.theirs} for {one.for_s / 60:.0f} min, {ours}"


def _standings(view: View) -> list[Standing]:
    return [one for one in view.facts.get("exports", ()) if isinstance(one, Standing)]


def _case(silent_s: float, *found: Disagreement) -> Case:
    trouble = "logs: no answer: TimeoutError: timed out"
    return Case(
        facts={
            "exports": [Standing("datadog", trouble=trouble, silent_s=silent_s, disagreements=found)],
        }
    )


_THEIRS = Disagreement(1, "edge-errors", "edge-errors", "No Data", ours=False, for_s=1800.0)

ALERTS = (
    Alert(
        "datadog-silent",
        Severity.WARNING,
        "Datadog doesn't answer, or refuses our key: it sees nothing of us.",
        rule=_silent,
        fires=_case(900.0),
        quiet=_case(20.0),
    ),
    Alert(
        "datadog-disagrees",
        Severity.WARNING,
        "A monitor at Datadog has long said something else than our own alert.",
        rule=_disagrees,
        fires=_case(20.0, _THEIRS),
        quiet=_case(20.0),
        clear_s=60.0,
    ),
)
