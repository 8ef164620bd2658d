"""How many visitors were answered badly meanwhile: what an incident's story ends with."""

from __future__ import annotations

from collections.abc import Iterator

from portico.watch import signal
from portico.watch.collect.edge import RESPONSES
from portico.watch.probes.metrics import AGREED
from portico.watch.probes.report import EDGE
from portico.watch.slo.counting import UNANSWERED
from portico.watch.slo.history import Reader

ROUND_S = 6.0
"""A count is written up to a collection later than what it counts, and troubles are noticed late."""


def bad_answers(reader: Reader, start: float, end: float) -> int | None:
    """Answers with 5xx, and looks that got none: an edge that is gone counts nothing itself.

    None when nothing was measured from `start` to `end`.
    """
    rows = [
        (bad, row.sum)
        for key, bad in _counted(reader)
        for row in reader.query(key, start - ROUND_S, end + ROUND_S, points=2000).rows
    ]
    return round(sum(count for bad, count in rows if bad)) if rows else None


def _counted(reader: Reader) -> Iterator[tuple[str, bool]]:
    """The series of what visitors got, and whether it was bad."""
    for known in reader.names(f"{RESPONSES.name}{{"):
        labels = dict(signal.parse(known.key)[1])
        if labels.get("door") != "http":
            yield known.key, labels.get("code") == "5xx"
    for known in reader.names(f"{AGREED.name}{{"):
        labels = dict(signal.parse(known.key)[1])
        if labels.get("target") == EDGE:
            yield known.key, labels.get("result") in UNANSWERED
