"""The alerts that read numbers alone, in Prometheus' words; each means what its rule in `alerts` means.

Alerts on what isn't a number (what a probe saw, a file that is damaged) have no such form: the extra rules
tell that Portico found any of these, or is silent altogether.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portico.config.models import Settings
from portico.model import HELPERS, Severity
from portico.watch.alerts import (
    consoles,
    edges,
    exports,
    hosts,
    intakes,
    keepers,
    probing,
    status_pages,
    studios,
)
from portico.watch.collect import (
    certificate,
    console,
    edge,
    host,
    intake,
    journey,
    keeper,
    processes,
    publishing,
    status_page,
    studio,
    table,
    vitals,
)
from portico.watch.export import exporter
from portico.watch.probes import metrics as probes
from portico.watch.slo import budget, metrics
from portico.watch.slo.budget import Window
from portico.watch.visitors.vitals import BY_NAME

STACK = "job, instance"
"""The labels that tell stacks apart, whoever collects."""


@dataclass(frozen=True, slots=True)
class Rule:
    """An alert in PromQL; `severity` where it isn't the local alert's own."""

    expr: str
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Extra:
    """A rule of Prometheus' own, which looks at Portico from outside."""

    name: str
    rule: Rule
    meaning: str
    page: str
    for_s: float


def rules(settings: Settings) -> Mapping[str, tuple[Rule, ...]]:
    """By the local alert's name."""
    return {
        **_EDGE,
        **_HOST,
        **_INTAKE,
        **_PARTS,
        **_VISITORS,
        **_KEPT,
        **_slo(settings.slo.window_days * 86400),
    }


_LATELY = f"last_over_time({table.UP.name}[1d])"
_SILENT = f"group by ({STACK}) ({_LATELY}) unless group by ({STACK}) ({table.UP.name}) or absent({_LATELY})"


def extras() -> tuple[Extra, ...]:
    return (
        Extra(
            "portico-critical",
            Rule(f'{keeper.FINDINGS.name}{{severity="critical"}} > 0', Severity.CRITICAL),
            "Portico found something critical, whatever it is: portico status.",
            "runbooks/README.md",
            15.0,
        ),
        Extra(
            "portico-silent",
            Rule(_SILENT, Severity.CRITICAL),
            "Nothing is heard of a stack that was there today: its watcher is dead, or can't be reached.",
            "watching.md",
            120.0,
        ),
    )


def _sum(expr: str, *labels: str) -> str:
    return f"sum by ({', '.join((STACK, *labels))}) ({expr})"


def _grown(series: str, over_s: float = 60.0) -> str:
    return f"increase({series}[{over_s:.0f}s])"


def _graded(warning: str, critical: str) -> tuple[Rule, ...]:
    """The critical one is a case of the warning, and told in its place."""
    return Rule(f"({warning}) unless ({critical})", Severity.WARNING), Rule(critical, Severity.CRITICAL)


def _gauge(metric: str, test: str) -> tuple[Rule, ...]:
    return (Rule(f"{metric} {test}"),)


def _share(bad: str, answers: str, share: float) -> str:
    return f"{bad} >= {edges.FEWEST} and {bad} >= {share} * {answers}"


_WHERE = ("cluster", "replica")
_BAD = _sum(_grown(f'{edge.RESPONSES.name}{{door="https",code="5xx"}}'))
_ANSWERS = _sum(_grown(f'{edge.RESPONSES.name}{{door="https"}}'))
_ITS_BAD = _sum(_grown(f'{edge.SERVER_RESPONSES.name}{{code="5xx"}}'), *_WHERE)
_ITS_ANSWERS = _sum(_grown(edge.SERVER_RESPONSES.name), *_WHERE)
_WAITING = " or ".join(
    f"avg_over_time({one.name}[{edges.QUEUED_S:.0f}s])" for one in (edge.QUEUE, edge.SERVER_QUEUE)
)
_REFUSED = _sum(
    " or ".join(
        f'label_replace({_grown(one.name)}, "what", "{one.name}", "", "")'
        for one in (edge.REQUESTS_DENIED, edge.CONNECTIONS_DENIED)
    )
)
_OTHERS = "|".join(sorted({"edge", "guard", "keeper", *HELPERS}))

_EDGE = {
    "edge-errors": _graded(_share(_BAD, _ANSWERS, edges.ERRORS), _share(_BAD, _ANSWERS, edges.MANY_ERRORS)),
    "edge-queue": (Rule(f"{_sum(_WAITING)} >= {edges.QUEUE:g}"),),
    "edge-connections-near-limit": _graded(
        f"{edge.CONNECTIONS_USED.name} >= {edges.CONNECTIONS} * ({edge.CONNECTIONS_LIMIT.name} > 0)",
        f"{edge.CONNECTIONS_USED.name} >= {edges.MOST_CONNECTIONS} * ({edge.CONNECTIONS_LIMIT.name} > 0)",
    ),
    "edge-flood": (Rule(f"{_REFUSED} / {edges.OVER_S:g} >= {edges.FLOOD:g}"),),
    "replica-errors": (
        Rule(
            f"{_share(_ITS_BAD, _ITS_ANSWERS, edges.REPLICA_ERRORS)}"
            f" and on ({STACK}, {', '.join(_WHERE)}) {edge.UP.name}"
        ),
    ),
    "replica-memory": _gauge(f'{processes.MEMORY.name}{{part!~"{_OTHERS}"}}', f"> {edges.REPLICA_MEMORY}"),
    "site-slow-outside": _gauge(
        f'avg_over_time({probes.DURATION.name}{{target="edge",phase="first_byte"}}[{probing.OVER_S:.0f}s])',
        f"> {probing.SLOW_S:g}",
    ),
}


def _least(free: str, whole: str, share: float, amount: int) -> str:
    return f"{free} < {share} * {whole} and {free} < {amount}"


def _left(free: str, whole: str, few: float, fewer: float) -> tuple[Rule, ...]:
    return _graded(f"{free} < {few} * {whole}", f"{free} < {fewer} * {whole}")


def _stalled(resource: str, share: str, most: float) -> str:
    series = f'{host.PRESSURE.name}{{resource="{resource}",share="{share}"}}'
    return f"{_grown(series, hosts.BREATHLESS_S)} / {hosts.BREATHLESS_S:g} > {most}"


_KNOWN = " or ".join(
    f'{host.PRESSURE.name}{{resource="{resource}",share="{share}"}}' for resource, share in hosts.STALLED
)
_CROWDED = (
    f'({host.LOAD.name}{{window="5m"}} > on ({STACK}) {hosts.CROWDED:g} * {host.CORES.name})'
    f" unless on ({STACK}) ({_KNOWN})"
)

_HOST = {
    "disk-low": _graded(
        _least(host.FREE.name, host.DISK.name, 0.1, 5 * hosts.GIB),
        _least(host.FREE.name, host.DISK.name, 0.03, hosts.GIB),
    ),
    "inodes-low": _left(host.INODES_FREE.name, host.INODES.name, 0.1, 0.02),
    "memory-low": _left(host.AVAILABLE.name, host.MEMORY.name, 0.05, 0.02),
    "file-handles-low": _gauge(host.FILES.name, f"> {hosts.FILES_USED} * ({host.FILES_LIMIT.name} > 0)"),
    "host-out-of-breath": (
        Rule(
            " or ".join(
                f"({one})"
                for one in (*(_stalled(*what, most) for what, most in hosts.STALLED.items()), _CROWDED)
            )
        ),
    ),
}

_INTAKE = {
    "intake-refused": _gauge(intake.PROBE_UP.name, "== 0"),
    "intake-stuck": _graded(
        f"{intake.OLDEST.name} > {intakes.STUCK_S:g}", f"{intake.OLDEST.name} > {intakes.STUCK_LONG_S:g}"
    ),
    "intake-alone": _gauge(intake.ALONE.name, "!= 0"),
    "intake-aside": _gauge(intake.ASIDE.name, "!= 0"),
    "intake-mail-stuck": _gauge(intake.MAIL_OLDEST.name, f"> {intakes.MAIL_S:g}"),
}

_PARTS = {
    "keeper-down": _gauge(keeper.AGE.name, f"> {keepers.SILENT_S:g}"),
    "watch-blind": _gauge(table.UP.name, "== 0"),
    "publish-slow": _gauge(publishing.WAITED.name, f"> {keepers.LONG_S:g}"),
    "console-down": _gauge(console.UP.name, "== 0"),
    "console-guessed-at": _gauge(console.REFUSED.name, f">= {consoles.MANY}"),
    "studio-down": _gauge(studio.UP.name, "== 0"),
    "freezer-stuck": _gauge(studio.SILENT.name, f"> {studios.SILENT_S:g}"),
    "edits-not-live": _gauge(studio.BEHIND.name, f"> {studios.BEHIND_S:g}"),
    "status-page-old": _gauge(status_page.AGE.name, f"> {status_pages.OLD_S:g}"),
    "export-silent": _gauge(exporter.FAILING.name, f"> {exports.SILENT_S:g}"),
    "export-losing": (Rule(f"{_sum(_grown(exporter.LOST.name, exports.LOSING_S), 'destination')} > 0"),),
}


_POOR = " or ".join(
    f'{vitals.QUARTILE.name}{{vital="{vital.name}"}} > {vital.poor / vital.good!r}'
    for vital in BY_NAME.values()
)

_VISITORS = {
    "visitors-slow": (
        Rule(f"{vitals.QUARTILE.name} > 1 unless ({_POOR})", Severity.INFO),
        Rule(_POOR, Severity.WARNING),
    ),
    "journey-failed": _gauge(journey.BLOCKED.name, "!= 0"),
}


MIRROR_LATE_S = 120
DAY_S = 86400
CERTIFICATE_DAYS, LAST_DAYS = 14, 3
"""The keeper's own, which stand in a layer above; a test holds them equal."""

_KEPT = {
    "edge-down": _gauge(f'{processes.UP.name}{{part="edge"}}', "== 0"),
    "cluster-down": (
        Rule(f"{keeper.HEALTHY.name} == 0 and on ({STACK}, cluster) {keeper.DRAINED.name} == 0"),
    ),
    "mirror-behind": _gauge(keeper.MIRROR_AGE.name, f"> {MIRROR_LATE_S}"),
    "certificate-expiring": _graded(
        f"{certificate.LEFT.name} < {CERTIFICATE_DAYS * DAY_S}",
        f"{certificate.LEFT.name} < {LAST_DAYS * DAY_S}",
    ),
}


def _slo(window_s: float) -> dict[str, tuple[Rule, ...]]:
    ladder = budget.windows(window_s)
    fast = " or ".join(f"({_burning(one)})" for one in ladder if one.page)
    slow = " or ".join(f"({_burning(one)})" for one in ladder if not one.page)
    whole = f'{metrics.BAD.name}{{window="{metrics.window(window_s)}"}}'
    return {
        "slo-burning-fast": (Rule(fast),),
        "slo-burning-slow": (Rule(f"({slow}) unless ({fast})"),),
        "budget-exhausted": (
            Rule(f"{metrics.LEFT.name} <= 0 and on ({STACK}, objective) {whole} >= {budget.LEAST_BAD}"),
        ),
    }


def _burning(window: Window) -> str:
    """By objective, whichever window it is; so both windows of a pair are one alert."""
    long, short = metrics.window(window.long_s), metrics.window(window.short_s)
    tests = (
        f'{metrics.BURN.name}{{window="{long}"}} >= {window.rate}',
        f'{metrics.BURN.name}{{window="{short}"}} >= {window.rate}',
        f'{metrics.BAD.name}{{window="{long}"}} >= {budget.LEAST_BAD}',
        f'{metrics.BAD.name}{{window="{short}"}} >= {budget.STILL_BAD}',
    )
    return " and ".join(f"max without (window) ({test})" for test in tests)
