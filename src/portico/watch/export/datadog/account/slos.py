"""Our promises as Datadog's SLOs, by the same counters. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from portico.config.watching import Slo
from portico.watch.answer import What
from portico.watch.export.datadog import mark
from portico.watch.export.datadog.account.thing import SLO, Site, Thing
from portico.watch.probes.agreed import UNPROMISED
from portico.watch.slo import counting

OBJECTIVES = ("availability", "latency", "freshness", "integrity")
_FRAMES = (7, 30, 90)
_DURATION = "portico_edge_request_duration_seconds"
_SAW_A_PAGE = frozenset(What) - counting.UNANSWERED - {What.UNKNOWN}


def things(site: Site, slo: Slo) -> Iterator[Thing]:
    target = dict(zip(OBJECTIVES, (slo.availability, slo.latency, slo.freshness, slo.integrity), strict=True))
    for objective, (good, total, said) in _counts(site, slo).items():
        slug = f"slo-{objective}"
        bound = {"timeframe": frame(slo.window_days), "target": target[objective]}
        yield Thing(
            SLO,
            slug,
            {
                "name": f"{site.host}: {objective}",
                "type": "metric",
                "description": f"{said} Promised for {slo.window_days:g} days.",
                "query": {"numerator": good, "denominator": total},
                "thresholds": [bound],
                "tags": mark.made(site.id, slug, site.tags),
            },
        )


def frame(window_days: float) -> str:
    """Datadog knows three windows: the nearest."""
    return f"{min(_FRAMES, key=lambda days: abs(days - window_days))}d"


def _counts(site: Site, slo: Slo) -> dict[str, tuple[str, str, str]]:
    answers, scope = "portico_edge_responses_total", site.scope
    bound = counting.fitting(slo.latency_ms / 1000)
    return {
        "availability": (
            _sum(answers, scope, "!door:http", "!code:5xx"),
            _sum(answers, scope, "!door:http"),
            "Requests that were answered without an error of ours.",
        ),
        "latency": (
            _sum(f"{_DURATION}_bucket", scope, f"le:{bound}"),
            _sum(f"{_DURATION}_count", scope),
            f"Requests whose answer began within {bound * 1000:g} ms.",
        ),
        "freshness": (
            _looks(scope, _SAW_A_PAGE - {What.STALE, What.MISPLACED}),
            _looks(scope, _SAW_A_PAGE),
            "Looks that saw what is live, in each cluster and the mirror.",
        ),
        "integrity": (
            _looks(scope, frozenset({What.RIGHT, What.STALE, What.MISPLACED})),
            _looks(scope, _SAW_A_PAGE),
            "Looks that saw the bytes that were signed.",
        ),
    }


def _looks(scope: str, results: frozenset[What]) -> str:
    """By what they are not: Datadog's scopes say `and`, and no `or`."""
    others = sorted(f"!result:{what.value}" for what in frozenset(What) - results)
    return _sum(
        "portico_probe_agreed_total", scope, *sorted(f"!target:{name}" for name in UNPROMISED), *others
    )


def _sum(metric: str, *scope: str) -> str:
    return f"sum:{metric}{{{','.join(scope)}}}.as_count()"
