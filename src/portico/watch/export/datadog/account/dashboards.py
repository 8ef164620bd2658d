"""The dashboards that there shall be: as the console's pages are. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from portico.watch.export.datadog import mark
from portico.watch.export.datadog.account.slos import OBJECTIVES
from portico.watch.export.datadog.account.thing import DASHBOARD, Site, Thing, reference
from portico.watch.export.datadog.account.widgets import (
    Widget,
    checks,
    events,
    group,
    heat,
    lines,
    note,
    number,
    promise,
    top,
)
from portico.watch.export.datadog.notices import CHECK

_HITS, _LOOKUPS = "portico_edge_cache_hits_total", "portico_edge_cache_lookups_total"


def things(site: Site, frame: str) -> Iterator[Thing]:
    """`frame` is the promises' window in Datadog's words."""
    made = {
        "overview": ("Is the homepage well?", _overview(site, frame)),
        "edge": ("Edge: requests, answers, cache, limits", _edge(site)),
        "clusters": ("Clusters: replicas, stores, processes", _clusters(site)),
        "intake": ("Intake: what visitors send", _intake(site)),
        "visitors": ("Visitors: as they find the site", _visitors(site)),
    }
    for name, (title, widgets) in made.items():
        slug = f"dashboard-{name}"
        yield Thing(
            DASHBOARD,
            slug,
            {
                "title": f"{site.host}: {title}",
                "description": described(site, slug),
                "layout_type": "ordered",
                "reflow_type": "auto",
                "widgets": widgets,
            },
        )


def described(site: Site, slug: str) -> str:
    """Datadog keeps a dashboard's tags for teams, so our marks stand in its description."""
    return (
        f"Made by portico datadog apply; changes here are put back. {' '.join(mark.made(site.id, slug, ()))}"
    )


def _overview(site: Site, frame: str) -> list[Widget]:
    at = _At(site)
    return [
        group(
            "Performance",
            lines("Requests a second", at.rate("portico_edge_requests_total", "door")),
            number("Mean time to the first byte", at.mean("portico_edge_response_time_seconds")),
            number("Found in the cache", at.share(_HITS, _LOOKUPS)),
        ),
        group(
            "Durability",
            lines("Replicas that are up", at.least("portico_cluster_replicas_up", "cluster")),
            number("Age of the mirror", at.most("portico_mirror_age_seconds")),
            number("Last good publish", at.most("portico_publish_age_seconds")),
            *(promise(f"Promised: {name}", reference(f"slo-{name}"), frame) for name in OBJECTIVES),
        ),
        group(
            "Security",
            checks("Our alerts", CHECK, site.scope, "alert"),
            lines("Refused at the edge", at.rate("portico_edge_requests_denied_total", "door")),
            number("Certificate left", at.least("portico_certificate_left_seconds")),
        ),
        events("What happened", site.scope),
    ]  # fmt: skip


def _edge(site: Site) -> list[Widget]:
    at = _At(site)
    return [
        lines("Requests a second, by door", at.rate("portico_edge_requests_total", "door")),
        lines("Answers a second, by class", at.rate("portico_edge_responses_total", "code"), kind="bars"),
        heat("How long visitors waited", f"portico_edge_request_duration_seconds{{{site.scope}}}"),
        lines("Mean time to the first byte", at.mean("portico_edge_response_time_seconds")),
        lines("Cache: looked up and found", at.rate(_LOOKUPS), at.rate(_HITS)),
        lines("Connections in use, and the limit", at.most("portico_edge_connections_used"),
              at.most("portico_edge_connections_limit")),
        lines("Waiting for a replica", at.most("portico_edge_queue")),
        lines("Refused: requests, connections", at.rate("portico_edge_requests_denied_total"),
              at.rate("portico_edge_connections_denied_total")),
        lines("Sent, bytes a second", at.rate("portico_edge_sent_bytes_total", "door"), kind="area"),
        lines("TLS handshakes, of them resumed", at.rate("portico_edge_tls_handshakes_total"),
              at.rate("portico_edge_tls_resumptions_total")),
    ]  # fmt: skip


def _clusters(site: Site) -> list[Widget]:
    at = _At(site)
    return [
        lines("Replicas that are up", at.least("portico_cluster_replicas_up", "cluster")),
        lines("Seen by the edge", at.least("portico_edge_server_up", "cluster,replica")),
        lines("Answers with 5xx", f"sum:portico_edge_server_responses_total{{{site.scope},code:5xx}}"
              " by {cluster,replica}.as_rate()", kind="bars"),
        lines("Time of answers", at.mean("portico_edge_server_response_seconds", "cluster,replica")),
        top("Memory by process", at.mean("portico_process_resident_memory_bytes", "part")),
        lines("CPU by process", at.rate("portico_process_cpu_seconds_total", "part"), kind="area"),
        lines("Restarts", at.count("portico_replica_restarts_total", "replica"), kind="bars"),
        lines("Stores that hold what is live", at.least("portico_store_holds_live", "store")),
        lines("Room left", at.least("portico_store_free_bytes", "store")),
        lines("Age of the mirror", at.most("portico_mirror_age_seconds")),
    ]  # fmt: skip


def _intake(site: Site) -> list[Widget]:
    at = _At(site)
    return [
        number("Forms can be sent", at.least("portico_intake_probe_up"), precision=0),
        lines("Waiting, and put aside", at.most("portico_intake_waiting"), at.most("portico_intake_aside")),
        lines("The oldest that waits", at.most("portico_intake_oldest_seconds")),
        lines("Acknowledged, in one cluster only", at.most("portico_intake_alone")),
        lines("Delivered", at.count("portico_intake_delivered_total", "kind"), kind="bars"),
        lines("Mails that wait", at.most("portico_intake_mail_waiting")),
    ]


def _visitors(site: Site) -> list[Widget]:
    at = _At(site)
    edge = f"{site.scope},target:edge"
    return [
        note("Looks of the probes, as a visitor makes them; Datadog's own tests are under Synthetics."),
        lines("Looks that were right", f"avg:portico_probe_success_ratio{{{edge}}} by {{place}}"),
        lines("A look by its phases", f"avg:portico_probe_duration_seconds{{{edge}}} by {{phase}}"),
        lines("What was seen", f"sum:portico_probe_looks_total{{{edge}}} by {{result}}.as_count()"),
        lines("Vitals of visitors, by what is good", "max:portico_visitor_day_ratio"
              f"{{{site.scope}}} by {{vital,device}}"),
        heat("Largest paint", f"portico_visitor_largest_paint_seconds{{{site.scope}}}"),
        lines("A browser's way: steps that work", at.least("portico_journey_step_up", "step")),
        lines("Seen after a publish", at.most("portico_probe_publish_seen_seconds", "target")),
        number("Certificate left, as shown", at.least("portico_probe_certificate_remaining_seconds")),
    ]  # fmt: skip


class _At:
    """Queries of this site."""

    def __init__(self, site: Site) -> None:
        self._scope = site.scope

    def rate(self, metric: str, by: str = "") -> str:
        return f"{self._of('sum', metric, by)}.as_rate()"

    def count(self, metric: str, by: str = "") -> str:
        return f"{self._of('sum', metric, by)}.as_count()"

    def mean(self, metric: str, by: str = "") -> str:
        return self._of("avg", metric, by)

    def most(self, metric: str, by: str = "") -> str:
        return self._of("max", metric, by)

    def least(self, metric: str, by: str = "") -> str:
        return self._of("min", metric, by)

    def share(self, part: str, whole: str) -> str:
        return f"{self.count(part)} / {self.count(whole)}"

    def _of(self, how: str, metric: str, by: str) -> str:
        return f"{how}:{metric}{{{self._scope}}}{f' by {{{by}}}' if by else ''}"
