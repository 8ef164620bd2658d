"""An anomaly of one series, and its sentence: "1,240 requests, expected 300 to 520 at this hour"."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from portico.watch import registry, signal
from portico.watch.anomaly.detector import Verdict
from portico.watch.metric import Kind


@dataclass(frozen=True, slots=True)
class Anomaly:
    """`value` and `verdict` are those of its beginning, `since`; `unusual` is when it was last so."""

    key: str
    since: float
    value: float
    verdict: Verdict
    unusual: float

    @property
    def sentence(self) -> str:
        return sentence(self, words(self.key))


@dataclass(frozen=True, slots=True)
class Words:
    """What a series is called, the unit behind its numbers, and what the registry tells about it."""

    name: str
    unit: str = ""
    told: str = ""


def words(key: str) -> Words:
    metric = registry.find(signal.parse(key)[0])
    if metric is None:
        return Words(key)
    each = "" if metric.kind is Kind.GAUGE else " per look"
    return Words(key, f"{metric.unit}{each}".strip(), metric.help)


def sentence(anomaly: Anomaly, words: Words) -> str:
    about = f" {words.told}" if words.told else ""
    return f"{words.name}: {_said(anomaly, words.unit)}.{about}"


def _said(anomaly: Anomaly, unit: str) -> str:
    value, low, high = anomaly.value, anomaly.verdict.low, anomaly.verdict.high
    if low <= value <= high:
        return f"now {number(value, unit)}, which is usual, but how it ran lately is unlike all before"
    between = unit if unit in _SCALED else ""
    return f"{number(value, unit)}, expected {number(low, between)} to {number(high, between)} at this hour"


def number(value: float, unit: str) -> str:
    """Three digits that count, with a unit that fits."""
    if unit == "seconds":
        return f"{_digits(value * 1000)} ms" if abs(value) < 1.0 else f"{_digits(value)} s"
    if unit == "ratio":
        return f"{_digits(value * 100)} %"
    if unit == "bytes":
        return _bytes(value)
    return f"{_digits(value)} {unit}".strip()


_SCALED: Final = frozenset({"seconds", "ratio", "bytes"})
_UNITS: Final = ("B", "KiB", "MiB", "GiB", "TiB")


def _bytes(value: float) -> str:
    step = 0
    while abs(value) >= 1024.0 and step < len(_UNITS) - 1:
        value, step = value / 1024.0, step + 1
    return f"{_digits(value)} {_UNITS[step]}"


def _digits(value: float) -> str:
    if value == 0.0 or not math.isfinite(value):
        return f"{value:g}"
    decimals = min(9, max(0, 2 - math.floor(math.log10(abs(value)))))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
