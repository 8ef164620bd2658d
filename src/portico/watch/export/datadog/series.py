"""What was measured, as Datadog's metrics and distributions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portico.watch import registry
from portico.watch.collect.edge_log import DURATION
from portico.watch.export import spread
from portico.watch.export.exporter import Look
from portico.watch.metric import Kind
from portico.watch.signal import Labels, Signal

COUNT, GAUGE = 1, 3
"""Datadog's numbers for kinds of metrics."""

MOST = 2000
"""Series of one body, which stays well below the 512 kB that are taken."""

SAMPLES = 100
"""Of a round's values in a distribution so many are sent, which lie evenly among all."""

_UNITS = {"seconds": "second", "bytes": "byte"}


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose numbers these are. `every_s` is the time between two rounds, `within` see `told_of`."""

    host: str
    tags: tuple[str, ...]
    every_s: float
    within: str = ""


def metrics(rounds: Iterable[Look], origin: Origin) -> list[dict[str, Any]]:
    """Bodies' `series`: gauges as they are, counters as increases, of histograms sum and count."""
    told: dict[str, dict[str, Any]] = {}
    for one in rounds:
        for signal, kind, value in told_of(one.signals, one.increases, origin.within):
            series = told.setdefault(signal.key, {})
            if not series:
                series.update(_series(signal, kind, origin))
            _add(series["points"], int(one.at), value, adds=kind == COUNT)
    return list(told.values())


def told_of(
    signals: Iterable[Signal], increases: Mapping[str, float], within: str = ""
) -> Iterator[tuple[Signal, int, float]]:
    """Each signal that is told, as what, and its value. Monitors wait for counters that stood still, too.

    Of the edge's buckets that one is told which ends at `within`: the promise of latency counts by it.
    """
    for signal in signals:
        metric = registry.find(signal.name)
        if metric is None:
            continue
        if metric.kind is Kind.GAUGE:
            yield signal, GAUGE, signal.value
        elif signal.key in increases and (not signal.name.endswith("_bucket") or _promised(signal, within)):
            yield signal, COUNT, increases[signal.key]


def _promised(signal: Signal, within: str) -> bool:
    return signal.name == f"{DURATION.name}_bucket" and dict(signal.labels).get("le") == within


def distributions(rounds: Iterable[Look], origin: Origin) -> list[dict[str, Any]]:
    """Histograms: the values that lie in their buckets, near enough."""
    told: dict[tuple[str, Labels], dict[str, Any]] = {}
    for one in rounds:
        for found in spread.spreads(one.signals, one.increases):
            series = told.setdefault(
                (found.name, found.labels),
                {
                    "metric": found.name,
                    "type": "distribution",
                    "host": origin.host,
                    "tags": tags(found.labels, origin.tags),
                    "points": [],
                },
            )
            series["points"].append([float(int(one.at)), spread.samples(found, SAMPLES)])
    return list(told.values())


def bodies(series: Sequence[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """As many requests as are needed, each with the number of its points."""
    for start in range(0, len(series), MOST):
        part = list(series[start : start + MOST])
        yield sum(len(one["points"]) for one in part), {"series": part}


def tags(labels: Labels, more: Sequence[str]) -> list[str]:
    """An empty label is none."""
    return [*(f"{name}:{value}" for name, value in labels if value), *more]


def _series(signal: Signal, kind: int, origin: Origin) -> dict[str, Any]:
    metric = registry.find(signal.name)
    unit = _UNITS.get(metric.unit) if metric and not signal.name.endswith("_count") else None
    return {
        "metric": signal.name,
        "type": kind,
        **({"interval": max(1, round(origin.every_s))} if kind == COUNT else {}),
        **({"unit": unit} if unit else {}),
        "points": [],
        "tags": tags(signal.labels, origin.tags),
        "resources": [{"type": "host", "name": origin.host}],
    }


def _add(points: list[dict[str, Any]], at: int, value: float, *, adds: bool) -> None:
    """Two rounds of one second are one point: Datadog would keep the later alone."""
    if points and points[-1]["timestamp"] == at:
        points[-1]["value"] = points[-1]["value"] + value if adds else value
    else:
        points.append({"timestamp": at, "value": value})
