"""The Core Web Vitals: what they are called, up to where they are good, from where they are poor.

The thresholds are Google's (web.dev/vitals), and are meant for the 75th percentile of visits.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portico.watch.metric import Kind, Metric

DEVICES = ("phone", "desktop")
LABELS = ("device", "kind")
OWNER = "visitors"


class Rating(StrEnum):
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    UNKNOWN = "unknown"
    """Too few visits say something."""


@dataclass(frozen=True, slots=True)
class Vital:
    """`good` is the best rating's upper end, `poor` the worst one's lower; `bounds` hold both."""

    name: str
    title: str
    sentence: str
    good: float
    poor: float
    bounds: tuple[float, ...]
    metric: Metric

    def rating(self, value: float | None) -> Rating:
        if value is None:
            return Rating.UNKNOWN
        if value <= self.good:
            return Rating.GOOD
        return Rating.FAIR if value <= self.poor else Rating.POOR

    def said(self, value: float) -> str:
        """With its unit."""
        if self.metric.unit != "seconds":
            return f"{value:.2f}"
        return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"


def _metric(name: str, unit: str, told: str) -> Metric:
    return Metric(f"portico_visitor_{name}_{unit}", Kind.HISTOGRAM, unit, told, OWNER, LABELS)


LARGEST = Vital(
    "lcp",
    "Largest paint",
    "until the largest part of the page was there",
    2.5,
    4.0,
    (1.0, 1.75, 2.5, 3.25, 4.0, 8.0),
    _metric("largest_paint", "seconds", "From a visit's begin until the page's largest part was painted."),
)
INTERACTION = Vital(
    "inp",
    "Interaction",
    "from a tap or key to the next picture",
    0.2,
    0.5,
    (0.1, 0.15, 0.2, 0.3, 0.5, 1.0),
    _metric("interaction", "seconds", "From a tap or key to the next paint, nearly the worst of a visit."),
)
SHIFT = Vital(
    "cls",
    "Layout shift",
    "moved of what was on the screen",
    0.1,
    0.25,
    (0.02, 0.05, 0.1, 0.175, 0.25, 0.5),
    _metric("layout_shift", "ratio", "How much of the screen moved by itself, the worst burst of a visit."),
)
FIRST_BYTE = Vital(
    "ttfb",
    "First byte",
    "from the click to the first byte",
    0.8,
    1.8,
    (0.2, 0.5, 0.8, 1.3, 1.8, 3.0),
    _metric("first_byte", "seconds", "From a visit's begin to the page's first byte, as the browser saw it."),
)

VITALS = (LARGEST, INTERACTION, SHIFT, FIRST_BYTE)
"""The last one is none of the three Core Web Vitals: it says how much of the first is the network's."""

BY_NAME = {vital.name: vital for vital in VITALS}
