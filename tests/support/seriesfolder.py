"""A folder of series with a known past, and what a reader sees of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from portico.config.watching import Watch
from portico.watch.series.chart import Row
from portico.watch.series.read import Reader
from portico.watch.series.shelf import Tier
from portico.watch.series.store import Store

BEGIN = 1_795_417_200.0
"""The beginning of an hour."""

LONG = Watch(raw_days=30, minute_days=120, hour_days=2000)
_POINTS = {Tier.RAW: 10**6, Tier.MINUTE: 60, Tier.HOUR: 1}
Samples = Mapping[str, Mapping[float, float]]
"""Series to moment to value."""


def filled(folder: Path, samples: Samples, *, seal: bool = True) -> None:
    """Write samples as the watcher would, and pack all but the hour of the last one."""
    moments = sorted({at for series in samples.values() for at in series})
    store = Store(folder, LONG, lambda: moments[-1])
    for at in moments:
        store.append(at, {key: series[at] for key, series in samples.items() if at in series})
    if seal:
        store.maintain(moments[-1])
    store.close()


def rows(reader: Reader, key: str, tier: Tier, start: float, end: float) -> list[Row]:
    """All rows of one tier, by asking for as many points as it has."""
    points = math.ceil((end - start) / 3600 * _POINTS[tier])
    return list(reader.query(key, start, end, points).rows)


def expected(series: Mapping[float, float], step: float) -> list[Row]:
    """The rows that samples make in steps of so many seconds, computed plainly."""
    spans: dict[float, list[float]] = {}
    for at in sorted(series):
        spans.setdefault(at // step * step, []).append(series[at])
    return [Row(at, len(part), sum(part), min(part), max(part)) for at, part in spans.items()]
