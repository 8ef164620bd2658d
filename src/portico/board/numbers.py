"""What the series tell the first page: a few numbers, each with when it was measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from portico.watch import signal
from portico.watch.collect.edge_log import DURATION
from portico.watch.series import quantiles
from portico.watch.series.read import Known, Reader

MINUTE_S, HOUR_S, DAY_S = 60.0, 3600.0, 86400.0
FRESH_S = 60.0
"""A series without a sample for so long isn't measured now."""

REQUESTS = "portico_edge_requests_total"
SENT = "portico_edge_server_requests_total"
LOOKUPS, HITS = "portico_edge_cache_lookups_total", "portico_edge_cache_hits_total"
IDLE = "portico_edge_idle_ratio"


@dataclass(frozen=True, slots=True)
class Numbers:
    """`at` is the newest sample of all; what was never measured is None. Rates are a second's, seconds SI."""

    at: float | None = None
    series: int = 0
    requests: float | None = None
    most_requests: float | None = None
    hits: float | None = None
    idle: float | None = None
    first_byte: Mapping[float, float] = field(default_factory=dict)
    first_byte_at: float | None = None
    to: Mapping[str, float] = field(default_factory=dict)
    course: tuple[float | None, ...] = ()
    """Requests a second over the last hour, minute by minute."""


def of(series: Reader, now: float) -> Numbers:
    known = series.names("portico_")
    at = max((one.at for one in known), default=None)
    by_name: dict[str, list[Known]] = defaultdict(list)
    for one in known:
        by_name[signal.parse(one.key)[0]].append(one)
    asked = _Asked(series, by_name, now)
    return Numbers(
        at,
        sum(one.at > now - FRESH_S for one in known),
        asked.rate(REQUESTS, door="https"),
        asked.most(REQUESTS, door="https"),
        asked.share(HITS, LOOKUPS),
        next((one.value for one in by_name[IDLE] if one.at > now - FRESH_S), None),
        *asked.first_byte(),
        to=asked.by_cluster(),
        course=asked.course(REQUESTS, door="https"),
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    series: Reader
    known: Mapping[str, list[Known]]
    now: float

    def keys(self, name: str, **labels: str) -> list[str]:
        wanted = labels.items()
        found = (one.key for one in self.known.get(name, ()))
        return [key for key in found if wanted <= dict(signal.parse(key)[1]).items()]

    def grown(self, key: str, seconds: float) -> float | None:
        """What a counter grew by; None when it wasn't measured in this time."""
        rows = self.series.query(key, self.now - seconds, self.now + 1, points=2).rows
        return sum(row.sum for row in rows) if rows else None

    def rate(self, name: str, **labels: str) -> float | None:
        """Over the last minute of which there is something to tell."""
        grown = [self.grown(key, MINUTE_S) for key in self.keys(name, **labels)]
        known = [one for one in grown if one is not None]
        return sum(known) / MINUTE_S if known else None

    def most(self, name: str, **labels: str) -> float | None:
        """The highest rate of an hour in the last day."""
        hours: dict[float, float] = defaultdict(float)
        for key in self.keys(name, **labels):
            for row in self.series.query(key, self.now - DAY_S, self.now, points=24).rows:
                hours[row.at] += row.sum
        return max(hours.values(), default=None) and max(hours.values()) / HOUR_S

    def course(self, name: str, **labels: str) -> tuple[float | None, ...]:
        minutes: dict[int, float] = {}
        for key in self.keys(name, **labels):
            for row in self.series.query(key, self.now - HOUR_S, self.now, points=60).rows:
                place = int((row.at - (self.now - HOUR_S)) // MINUTE_S)
                minutes[place] = minutes.get(place, 0.0) + row.sum
        return tuple(minutes[place] / MINUTE_S if place in minutes else None for place in range(60))

    def share(self, part: str, whole: str) -> float | None:
        """In the last hour. What the first look in the cache doesn't find the second asks for once more."""
        parts = [self.grown(key, HOUR_S) or 0.0 for key in self.keys(part)]
        wholes = [self.grown(key, HOUR_S) or 0.0 for key in self.keys(whole, look="first")]
        wholes = wholes or [self.grown(key, HOUR_S) or 0.0 for key in self.keys(whole)]
        return min(1.0, sum(parts) / sum(wholes)) if sum(wholes) else None

    def first_byte(self) -> tuple[Mapping[float, float], float | None]:
        """Quantiles over the last hour, and when the newest of it was measured."""
        name = f"{DURATION.name}_bucket"
        buckets: dict[float, float] = defaultdict(float)
        for key in self.keys(name):
            bound = float(dict(signal.parse(key)[1])["le"])
            buckets[bound] += self.grown(key, HOUR_S) or 0.0
        if not buckets or max(buckets.values()) <= 0:
            return {}, None
        at = max(one.at for one in self.known[name])
        return {share: quantiles.quantile(buckets, share) for share in (0.5, 0.99)}, at

    def by_cluster(self) -> Mapping[str, float]:
        """Requests a second that the edge sends on, by cluster; the mirror is one here."""
        found: dict[str, float] = defaultdict(float)
        for key in self.keys(SENT):
            if (grown := self.grown(key, MINUTE_S)) is not None:
                found[dict(signal.parse(key)[1])["cluster"]] += grown / MINUTE_S
        return found
