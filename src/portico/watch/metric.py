"""What a metric is. Each collector declares its own; `registry` is the one table of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Prometheus' words. A histogram's signals are its `_bucket`, `_sum` and `_count` counters."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """`unit` is the name's own (seconds, bytes, ratio), empty for a count; `owner` the measured part.

    `felt` marks the few whose anomalies visitors feel; those of the others are evidence only. Breakdowns of
    what is measured elsewhere aren't `judged`: no detector learns them.
    """

    name: str
    kind: Kind
    unit: str
    help: str
    owner: str
    labels: tuple[str, ...] = ()
    felt: bool = False
    judged: bool = True
