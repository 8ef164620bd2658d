"""The promises as recording rules: the share of bad ones, by the counters that budgets are counted from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from portico.config.models import Settings
from portico.watch.answer import What
from portico.watch.collect.edge import RESPONSES
from portico.watch.collect.edge_log import DURATION
from portico.watch.collect.histogram import edge_of
from portico.watch.export.rules.alerting import STACK
from portico.watch.probes.agreed import UNPROMISED
from portico.watch.probes.metrics import AGREED
from portico.watch.probes.report import EDGE
from portico.watch.slo import budget, counting, metrics

NAME = "portico:slo_errors:ratio_increase"


@dataclass(frozen=True, slots=True)
class Recorded:
    """`record` is the new series' name, `labels` are added to it."""

    record: str
    expr: str
    labels: tuple[tuple[str, str], ...]


def rules(settings: Settings) -> Iterator[Recorded]:
    """Each objective's share of bad ones, by each count that measures it, over each window of the alerts.

    In no traffic none is bad.
    """
    ladder = budget.windows(settings.slo.window_days * 86400)
    lengths = sorted({length for window in ladder for length in (window.long_s, window.short_s)})
    for objective, by, good, every in _counts(settings.slo.latency_ms / 1000):
        for length in lengths:
            window = metrics.window(length)
            total = _sum(every, window)
            share = f"1 - {_sum(good, window)} / ({total} > 0) or 0 * {total}"
            yield Recorded(f"{NAME}{window}", share, (("objective", objective), ("by", by)))


def _counts(limit_s: float) -> Iterator[tuple[str, str, str, str]]:
    """Objective, by what, the series of the good ones and of all: what `slo.counting` sorts."""
    served, in_time = 'door!="http"', edge_of(counting.fitting(limit_s))
    yield _row("availability", "requests", RESPONSES.name, served, 'code!="5xx"')
    asked = f'target="{EDGE}",result!="{What.UNKNOWN}"'
    yield _row("availability", "looks", AGREED.name, asked, f'result!~"{_any(counting.UNANSWERED)}"')
    bucket = f"{DURATION.name}_bucket"
    yield "latency", "requests", f'{bucket}{{le="{in_time}"}}', f'{bucket}{{le="+Inf"}}'
    blind = _any({*counting.UNANSWERED, What.UNKNOWN})
    saw = f'target!~"{_any(UNPROMISED)}",result!~"{blind}"'
    yield _row("freshness", "looks", AGREED.name, saw, f'result!~"{_any(counting.OLD)}"')
    yield _row("integrity", "looks", AGREED.name, saw, f'result=~"{_any(counting.SIGNED)}"')


def _row(objective: str, by: str, name: str, every: str, good: str) -> tuple[str, str, str, str]:
    return objective, by, f"{name}{{{every},{good}}}", f"{name}{{{every}}}"


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words))


def _sum(series: str, window: str) -> str:
    return f"sum by ({STACK}) (increase({series}[{window}]))"
