"""Our alerts as Datadog's metric queries, where they have such a form: the same numbers, the same bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from portico.model import HELPERS
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


@dataclass(frozen=True, slots=True)
class Form:
    """`query` is what is compared, with `$` for the site's own scope; `over` is Datadog's time and function.

    `least` says that it alerts above `critical`, else below it.
    """

    query: str
    critical: float
    warning: float | None = None
    over: str = "avg(last_5m)"
    above: bool = True


def _least(metric: str, critical: float, by: str = "") -> Form:
    """It is 1 while all is well; not once in five minutes it was."""
    return Form(f"max:{metric}{{$}}{by}", critical, over="max(last_5m)", above=False)


def _longer(metric: str, critical: float, warning: float | None = None) -> Form:
    return Form(f"max:{metric}{{$}}", critical, warning, over="min(last_5m)")


def _used(part: str, whole: str, critical: float, warning: float | None = None) -> Form:
    return Form(f"avg:{part}{{$}} / avg:{whole}{{$}}", critical, warning)


def _left(part: str, whole: str, critical: float, warning: float) -> Form:
    return replace(_used(part, whole, critical, warning), above=False)


def _seen(result: str) -> Form:
    """Looks at pages through the edge with this result, three times in a row."""
    return Form(
        f"sum:portico_probe_agreed_total{{$,target:edge,result:{result}}}.as_count()", 2, over="sum(last_5m)"
    )


_ERRORS = "sum:portico_edge_responses_total{$,door:https,code:5xx}.as_count()"
_ANSWERS = "sum:portico_edge_responses_total{$,door:https}.as_count()"
_OF_REPLICAS = "portico_edge_server_responses_total"
_DENIED = "sum:portico_edge_requests_denied_total{$}.as_count()"
_REFUSED = "sum:portico_edge_connections_denied_total{$}.as_count()"
_NO_REPLICAS = ",".join(f"!part:{part}" for part in ("edge", "guard", "keeper", *HELPERS))
_MINUTES = 5
"""Datadog looks at whole minutes; five of them let no single one decide."""

FORMS: Mapping[str, Form] = {
    "edge-errors": Form(
        f"{_ERRORS} / {_ANSWERS}", edges.MANY_ERRORS, edges.ERRORS, over="sum(last_5m)"
    ),
    "replica-errors": Form(
        f"sum:{_OF_REPLICAS}{{$,code:5xx}} by {{cluster,replica}}.as_count()"
        f" / sum:{_OF_REPLICAS}{{$}} by {{cluster,replica}}.as_count()",
        edges.REPLICA_ERRORS,
        over="sum(last_5m)",
    ),
    "replica-memory": Form(
        f"max:portico_process_resident_memory_bytes{{$,{_NO_REPLICAS}}} by {{part}}", edges.REPLICA_MEMORY
    ),
    "edge-queue": Form("sum:portico_edge_queue{$} + sum:portico_edge_server_queue{$}", edges.QUEUE),
    "edge-connections-near-limit": _used(
        "portico_edge_connections_used", "portico_edge_connections_limit", edges.MOST_CONNECTIONS,
        edges.CONNECTIONS,
    ),
    "edge-flood": Form(
        f"{_DENIED} + {_REFUSED}", edges.FLOOD * edges.OVER_S * _MINUTES, over="sum(last_5m)"
    ),
    "site-slow-outside": Form(
        "avg:portico_probe_duration_seconds{$,target:edge,phase:first_byte} by {place}", probing.SLOW_S
    ),
    "page-defaced": _seen("defaced"),
    "page-injected": _seen("injected"),
    "page-stale": _seen("stale"),
    "site-unreachable": _seen("unreachable"),
    "cluster-down": _least("portico_cluster_replicas_up", 1, " by {cluster}"),
    "intake-refused": _least("portico_intake_probe_up", 1),
    "intake-stuck": _longer("portico_intake_oldest_seconds", intakes.STUCK_LONG_S, intakes.STUCK_S),
    "intake-mail-stuck": _longer("portico_intake_mail_oldest_seconds", intakes.MAIL_S),
    "intake-alone": _longer("portico_intake_alone", 0),
    "intake-aside": _longer("portico_intake_aside", 0),
    "studio-down": _least("portico_studio_up", 1),
    "console-down": _least("portico_console_up", 1),
    "console-guessed-at": _longer("portico_console_refused", consoles.MANY - 1),
    "freezer-stuck": _longer("portico_freezer_silent_seconds", studios.SILENT_S),
    "edits-not-live": _longer("portico_edit_behind_seconds", studios.BEHIND_S),
    "keeper-down": _longer("portico_keeper_status_age_seconds", keepers.SILENT_S),
    "publish-slow": _longer("portico_publish_waited_seconds", keepers.LONG_S),
    "export-silent": Form(
        "max:portico_export_failing_seconds{$} by {destination}", exports.SILENT_S, over="min(last_5m)"
    ),
    "status-page-old": _longer("portico_status_page_age_seconds", status_pages.OLD_S),
    "visitors-slow": Form("max:portico_visitor_day_ratio{$} by {vital,device}", 1),
    "journey-failed": _longer("portico_journey_blocked", 0),
    "watch-blind": _least("portico_collector_up", 1, " by {collector}"),
    "memory-low": _left("portico_host_memory_available_bytes", "portico_host_memory_bytes", 0.02, 0.05),
    "inodes-low": _left("portico_host_disk_inodes_free", "portico_host_disk_inodes", 0.02, 0.1),
    "file-handles-low": _used("portico_host_files_open", "portico_host_files_limit", hosts.FILES_USED),
}  # fmt: skip
"""All other alerts look at more than numbers, or at several at once, as disk-low and the promises' budgets:
the service check has them, too."""


def written(form: Form, scope: str) -> str:
    """The monitor's query."""
    sign = ">" if form.above else "<"
    return f"{form.over}:{form.query.replace('$', scope)} {sign} {form.critical:g}"
