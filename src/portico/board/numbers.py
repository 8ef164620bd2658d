"""What the series tell the first page: a few numbers, each with when it was measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
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

    def grown(self, keys: Sequence[str], seconds: float, until: float | None = None) -> dict[str, float]:
        """What each counter grew by; those that weren't measured in this time are left out."""
        end = self.now if until is None else until
        found = self.series.queries(keys, end - seconds, end + 1, points=2)
        return {key: sum(row.sum for row in chart.rows) for key, chart in found.items() if chart.rows}

    def rate(self, name: str, **labels: str) -> float | None:
        """A second's share of the last minute."""
        rates = self.rates(name, **labels)
        return sum(rates.values()) if rates else None

    def rates(self, name: str, **labels: str) -> Mapping[str, float]:
        """Of each counter, over the minute before they were last measured; none when that is long ago.

        Over the last minute of now they would sink while nobody looks.
        """
        keys = self.keys(name, **labels)
        at = max((one.at for one in self.known.get(name, ()) if one.key in keys), default=0.0)
        if self.now - at > FRESH_S:
            return {}
        return {key: grown / MINUTE_S for key, grown in self.grown(keys, MINUTE_S, at).items()}

    def most(self, name: str, **labels: str) -> float | None:
        """The highest rate of an hour in the last day."""
        hours: dict[float, float] = defaultdict(float)
        keys = self.keys(name, **labels)
        for chart in self.series.queries(keys, self.now - DAY_S, self.now, points=24).values():
            for row in chart.rows:
                hours[row.at // HOUR_S] += row.sum
        return max(hours.values()) / HOUR_S if hours else None

    def share(self, part: str, whole: str) -> float | None:
        """In the last hour. What the first look in the cache doesn't find the second asks for once more."""
        parts, wholes = self.keys(part), self.keys(whole, look="first")
        grown = self.grown([*parts, *wholes], HOUR_S)
        asked = sum(grown.get(key, 0.0) for key in wholes)
        return min(1.0, sum(grown.get(key, 0.0) for key in parts) / asked) if asked else None

    def first_byte(self) -> tuple[Mapping[float, float], float | None]:
        """Quantiles over the last hour, and when the newest of it was measured."""
        name = f"{DURATION.name}_bucket"
        buckets: dict[float, float] = defaultdict(float)
        for key, grown in self.grown(self.keys(name), HOUR_S).items():
            buckets[float(dict(signal.parse(key)[1])["le"])] += grown
        if not buckets or max(buckets.values()) <= 0:
            return {}, None
        at = max(one.at for one in self.known[name])
        return {share: quantiles.quantile(buckets, share) for share in (0.5, 0.99)}, at

    def by_cluster(self) -> Mapping[str, float]:
        """Requests a second that the edge sends on, by cluster; the mirror is one here."""
        found: dict[str, float] = defaultdict(float)
        for key, rate in self.rates(SENT).items():
            found[dict(signal.parse(key)[1])["cluster"]] += rate
        return found
