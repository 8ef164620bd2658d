"""The store of series tells what it had to set aside."""

from __future__ import annotations

from collections.abc import Iterator

from portico.model import Severity
from portico.watch.alerts.alert import Alert, Case, Trouble
from portico.watch.view import View


def _damaged(view: View) -> Iterator[Trouble]:
    troubles = list(view.facts.get("series", ()))
    if troubles:
        more = f" (and {len(troubles) - 1} more)" if len(troubles) > 1 else ""
        yield Trouble(f"Measured numbers were lost: {troubles[0]}{more}", data={"part": "watcher"})


ALERTS = (
    Alert(
        "series-damaged",
        Severity.WARNING,
        "A file of measured numbers was damaged and set aside; watching goes on.",
        rule=_damaged,
        fires=Case(facts={"series": ["raw-2026-11-23T07 was damaged: 1 of its 341 series are lost"]}),
        quiet=Case(facts={"series": []}),
    ),
)
