"""How many visitors were answered badly meanwhile: what an incident's story ends with."""

from __future__ import annotations

from portico.watch import signal
from portico.watch.collect.edge import RESPONSES
from portico.watch.slo.history import Reader

ROUND_S = 6.0
"""A count is written up to a collection later than what it counts."""


def bad_answers(reader: Reader, start: float, end: float) -> int | None:
    """Answers with 5xx from `start` to `end`; None when nothing was measured then."""
    counted = [
        row.sum * (labels.get("code") == "5xx")
        for known in reader.names(f"{RESPONSES.name}{{")
        if (labels := dict(signal.parse(known.key)[1])).get("door") != "http"
        for row in reader.query(known.key, start, end + ROUND_S, points=2000).rows
    ]
    return round(sum(counted)) if counted else None
