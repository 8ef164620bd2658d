"""Which series are good, which are bad, for which promise. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from portico.config.models import Settings
from portico.watch.answer import What
from portico.watch.collect.edge import RESPONSES
from portico.watch.collect.edge_log import BOUNDS, DURATION
from portico.watch.probes.agreed import UNPROMISED
from portico.watch.probes.metrics import AGREED
from portico.watch.probes.report import EDGE
from portico.watch.slo.budget import Promise

UNANSWERED = frozenset({What.ERROR, What.UNREACHABLE, What.UNRESOLVED, What.CERTIFICATE})
"""Results of looks that saw no page; all others saw one, the right one or not."""

OLD = frozenset({What.STALE, What.MISPLACED})
SIGNED = frozenset({What.RIGHT, *OLD})

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Share:
    """What a series' increases add: to all, and to the good ones."""

    good: bool
    total: bool


Sort = Callable[[Labels], Share | None]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A count that a promise is held against: one metric, `sort` by its labels; None isn't counted."""

    by: str
    metric: str
    sort: Sort


def promises(settings: Settings) -> dict[Promise, tuple[Indicator, ...]]:
    """The four promises, each with what measures it."""
    slo, window_s = settings.slo, settings.slo.window_days * 86400
    return {
        Promise("availability", slo.availability / 100, window_s): (
            Indicator("requests", RESPONSES.name, _answered),
            Indicator("looks", AGREED.name, _reached),
        ),
        Promise("latency", slo.latency / 100, window_s): (
            Indicator("requests", f"{DURATION.name}_bucket", _in_time(slo.latency_ms / 1000)),
        ),
        Promise("freshness", slo.freshness / 100, window_s): (Indicator("looks", AGREED.name, _fresh),),
        Promise("integrity", slo.integrity / 100, window_s): (Indicator("looks", AGREED.name, _signed),),
    }


def _answered(labels: Labels) -> Share | None:
    """The door of plain http only sends on to https."""
    if labels.get("door") == "http":
        return None
    return Share(good=labels.get("code") != "5xx", total=True)


def _reached(labels: Labels) -> Share | None:
    """As a visitor, through the edge: a cluster that is down while another one answers is no outage."""
    if labels.get("target") != EDGE or labels.get("result") == What.UNKNOWN:
        return None
    return Share(good=labels.get("result") not in UNANSWERED, total=True)


def _fresh(labels: Labels) -> Share | None:
    return Share(good=labels.get("result") not in OLD, total=True) if _saw_a_page(labels) else None


def _signed(labels: Labels) -> Share | None:
    return Share(good=labels.get("result") in SIGNED, total=True) if _saw_a_page(labels) else None


def _saw_a_page(labels: Labels) -> bool:
    return labels.get("target") not in UNPROMISED and labels.get("result") not in {*UNANSWERED, What.UNKNOWN}


def fitting(limit_s: float) -> float:
    """The end of the bucket that counts what came in time."""
    return max((bound for bound in BOUNDS if bound <= limit_s), default=BOUNDS[0])


def _in_time(limit_s: float) -> Sort:
    """By the largest bucket within the limit, so that an odd limit is judged too strictly, never too mildly.

    Buckets are cumulative: the one without end counts all.
    """
    within = fitting(limit_s)

    def sort(labels: Labels) -> Share | None:
        bound = float(labels.get("le", "nan"))
        if bound == float("inf"):
            return Share(good=False, total=True)
        return Share(good=True, total=False) if bound == within else None

    return sort
