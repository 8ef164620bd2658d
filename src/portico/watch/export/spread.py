"""From a histogram's buckets to values that a distribution is told: for exporters without buckets. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from portico.watch.signal import Labels, Signal

_BUCKET = "_bucket"


@dataclass(frozen=True, slots=True)
class Spread:
    """What a histogram counted since the last look: `counts` of values near each of `values`."""

    name: str
    labels: Labels
    values: tuple[float, ...]
    counts: tuple[int, ...]


def spreads(signals: Iterable[Signal], increases: Mapping[str, float]) -> Iterator[Spread]:
    """One for each histogram's series that counted anything. Buckets are cumulative, and so increase."""
    buckets: dict[tuple[str, Labels], list[tuple[float, float]]] = defaultdict(list)
    for signal in signals:
        if not signal.name.endswith(_BUCKET):
            continue
        labels = tuple(pair for pair in signal.labels if pair[0] != "le")
        end = float(dict(signal.labels).get("le", "inf"))
        grown = increases.get(signal.key, 0.0)
        buckets[signal.name.removesuffix(_BUCKET), labels].append((end, grown))
    for (name, labels), found in buckets.items():
        values, counts = _apart(sorted(found))
        if sum(counts):
            yield Spread(name, labels, values, counts)


def samples(spread: Spread, most: int) -> list[float]:
    """All of its values, or so many that lie evenly among them: the quantiles stay."""
    total = sum(spread.counts)
    if total <= most:
        return [
            value for value, count in zip(spread.values, spread.counts, strict=True) for _ in range(count)
        ]
    ranks = [(number + 0.5) * total / most for number in range(most)]
    return [_at(spread, rank) for rank in ranks]


def _at(spread: Spread, rank: float) -> float:
    passed = 0
    for value, count in zip(spread.values, spread.counts, strict=True):
        passed += count
        if rank < passed:
            return value
    return spread.values[-1]


def _apart(buckets: list[tuple[float, float]]) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Each bucket's middle, and what lies in it alone; the one without end stands for its beginning."""
    values, counts = [], []
    low = below = 0.0
    for end, grown in buckets:
        values.append(low if end == float("inf") else (low + end) / 2)
        counts.append(max(0, round(grown - below)))
        low, below = end, grown
    return tuple(values), tuple(counts)
