"""How fast the site is for its visitors: what their browsers measured in a day and in four weeks.

Read from the series by the watcher now and then, and told to the console through the ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portico.watch import signal
from portico.watch.series.read import Reader
from portico.watch.visitors.quartile import Buckets, Tallies
from portico.watch.visitors.vitals import VITALS

SEEN = "visitors"
"""Under which it stands in the ledger."""

DAY_S = 86400.0
MONTH_S = 28 * DAY_S
DAY_EVERY_S, MONTH_EVERY_S = 600.0, 7200.0
"""Some hundred series are read each time, which takes a second or two."""

_POINTS = 24
"""A day by the hour, four weeks by the day: few rows, as their sum alone counts."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Times are seconds since the epoch: when each was read."""

    day: Tallies
    day_at: float
    month: Tallies
    month_at: float

    def as_json(self) -> dict[str, Any]:
        return {
            "day": _rows(self.day),
            "day_at": self.day_at,
            "month": _rows(self.month),
            "month_at": self.month_at,
        }


def of_json(told: Mapping[str, Any]) -> Standing:
    return Standing(_tallies(told["day"]), told["day_at"], _tallies(told["month"]), told["month_at"])


def is_due(known: Standing | None, now: float) -> bool:
    return known is None or abs(now - known.day_at) >= DAY_EVERY_S


def read(reader: Reader, known: Standing | None, now: float) -> Standing:
    """The four weeks change little in an hour."""
    day = tallies(reader, now - DAY_S, now)
    if known and abs(now - known.month_at) < MONTH_EVERY_S:
        return Standing(day, now, known.month, known.month_at)
    return Standing(day, now, tallies(reader, now - MONTH_S, now), now)


def tallies(reader: Reader, start: float, end: float) -> Tallies:
    found: dict[tuple[str, str, str], Buckets] = defaultdict(Buckets)
    for vital in VITALS:
        keys = [known.key for known in reader.names(f"{vital.metric.name}_bucket{{")]
        for key, chart in reader.queries(keys, start, end, points=_POINTS).items():
            labels = dict(signal.parse(key)[1])
            if visits := sum(row.sum for row in chart.rows):
                found[vital.name, labels["device"], labels["kind"]].add(float(labels["le"]), visits)
    return dict(found)


def _rows(tallies: Tallies) -> list[dict[str, Any]]:
    """JSON knows no infinity."""
    return [
        {
            "vital": vital,
            "device": device,
            "kind": kind,
            "up_to": [[str(bound), visits] for bound, visits in buckets.up_to.items()],
        }
        for (vital, device, kind), buckets in tallies.items()
    ]


def _tallies(rows: list[dict[str, Any]]) -> Tallies:
    return {
        (row["vital"], row["device"], row["kind"]): Buckets(
            {float(bound): visits for bound, visits in row["up_to"]}
        )
        for row in rows
    }
