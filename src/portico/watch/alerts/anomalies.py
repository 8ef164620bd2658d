"""Anomalies as findings: of the few series that visitors feel they are told, all others are evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portico.model import Severity
from portico.watch import registry, signal
from portico.watch.alerts.alert import Alert, Case, Trouble
from portico.watch.view import View

_WHERE = frozenset({"cluster", "replica"})


def _felt(view: View) -> Iterator[Trouble]:
    return (_trouble(anomaly) for anomaly in _anomalies(view) if _is_felt(anomaly.key))


def _evidence(view: View) -> Iterator[Trouble]:
    return (_trouble(anomaly) for anomaly in _anomalies(view) if not _is_felt(anomaly.key))


def _anomalies(view: View) -> list[Any]:
    """The detectors' objects: key, since, value, verdict, sentence."""
    return list(view.facts.get("anomalies", ()))


def _is_felt(key: str) -> bool:
    metric = registry.find(signal.parse(key)[0])
    return bool(metric and metric.felt)


def _trouble(anomaly: Any) -> Trouble:
    _, labels = signal.parse(anomaly.key)
    where = {label: value for label, value in labels if label in _WHERE}
    return Trouble(anomaly.sentence, anomaly.key, data={"metric": anomaly.key, **where})


@dataclass(frozen=True, slots=True)
class _Anomaly:
    """What the fixtures need of one."""

    key: str
    sentence: str


_ERRORS = _Anomaly(
    'portico_edge_responses_total{code="5xx",door="https"}',
    "Answers with 5xx are far above the expected 0 to 2: 240.",
)
_MEMORY = _Anomaly("portico_keeper_memory_bytes", "The keeper's memory is above the expected range.")

ALERTS = (
    Alert(
        "anomaly-felt",
        Severity.WARNING,
        "A series that visitors feel left its expected range.",
        ("portico_edge_responses_total",),
        _felt,
        fires=Case(facts={"anomalies": [_ERRORS]}),
        quiet=Case(facts={"anomalies": [_MEMORY]}),
        for_s=15.0,
        clear_s=30.0,
        felt=True,
    ),
    Alert(
        "anomaly",
        Severity.INFO,
        "A series left its expected range; evidence for whoever looks into an incident.",
        (),
        _evidence,
        fires=Case(facts={"anomalies": [_MEMORY]}),
        quiet=Case(facts={"anomalies": [_ERRORS]}),
        clear_s=30.0,
    ),
)
