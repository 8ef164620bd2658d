"""What the dashboards for Grafana show. `grafana.py` writes them."""

from __future__ import annotations

from collections.abc import Mapping

from panels import (
    GOOD_IS_ONE,
    GOOD_IS_ZERO,
    RATE,
    Panel,
    Rows,
    Steps,
    by,
    hourly,
    lines,
    portions,
    rate,
    ratio,
    series,
    stat,
)

DURATION = "portico_edge_request_duration_seconds"
RESPONSES = "portico_edge_responses_total"
_SERVED = by("code", rate(RESPONSES, door="!=http"))
_ALL = by("instance", rate(RESPONSES, door="!=http"))
_ERRORS = ratio(by("instance", rate(RESPONSES, door="!=http", code="5xx")), _ALL)
_LATENCY = portions(DURATION, 0.5, 0.95, 0.99)
_LEFT: Steps = ((None, "red"), (0.0, "orange"), (0.25, "green"))

OVERVIEW: Rows = {
    "Is it well?": (
        stat("Critical findings", series("portico_keeper_findings", severity="critical"), steps=GOOD_IS_ZERO),
        stat(
            "Warnings",
            series("portico_keeper_findings", severity="warning"),
            steps=((None, "green"), (1, "orange")),
        ),
        stat(
            "Keeper last seen",
            series("portico_keeper_status_age_seconds"),
            "s",
            steps=((None, "green"), (5, "red")),
        ),
        stat(
            "Replicas up",
            f"sum({series('portico_cluster_replicas_up')}) / sum({series('portico_cluster_replicas')})",
            "percentunit",
            steps=((None, "red"), (0.5, "orange"), (1, "green")),
        ),
        stat(
            "Mirror lacks what is live",
            series("portico_mirror_age_seconds"),
            "s",
            steps=((None, "green"), (60, "orange"), (120, "red")),
        ),
        stat(
            "Certificate ends in",
            series("portico_certificate_left_seconds"),
            "s",
            steps=((None, "red"), (604800, "orange"), (1209600, "green")),
        ),
    ),
    "How well was it?": (
        lines(
            "Measured and promised",
            (series("portico_slo_measured_ratio"), "{{objective}}"),
            (series("portico_slo_target_ratio"), "{{objective}} promised"),
            unit="percentunit",
        ),
        Panel(
            "Error budget left",
            ((series("portico_slo_budget_left_ratio"), "{{objective}}"),),
            "percentunit",
            kind="bargauge",
            steps=_LEFT,
        ),
        lines(
            "Burn of the last hour",
            (series("portico_slo_burn", window="3600s"), "{{objective}}"),
            told="1 spends the budget just in its time; 14.4 for an hour pages.",
        ),
    ),
    "Visitors": (
        lines("Answers a second", (_SERVED, "{{code}}"), unit="reqps", stacked=True),
        lines("Errors", (_ERRORS, "5xx"), unit="percentunit"),
        lines("Time of an answer", *_LATENCY, unit="s"),
        lines(
            "Looks that were right",
            (series("portico_probe_success_ratio"), "{{place}} {{target}}"),
            unit="percentunit",
            width=12,
        ),
        lines(
            "Publishes and rollbacks",
            (by("kind, result", hourly("portico_publish_orders_total")), "{{kind}} {{result}}"),
            width=12,
        ),
    ),
}

EDGE: Rows = {
    "Requests": (
        lines(
            "Requests a second", (by("door", rate("portico_edge_requests_total")), "{{door}}"), unit="reqps"
        ),
        lines(
            "Answers a second",
            (by("code", rate(RESPONSES)), "{{code}}"),
            unit="reqps",
            stacked=True,
        ),
        lines(
            "Out of the cache",
            (
                ratio(
                    by("instance", rate("portico_edge_cache_hits_total")),
                    by("instance", rate("portico_edge_cache_lookups_total", look="first")),
                ),
                "share",
            ),
            unit="percentunit",
        ),
    ),
    "Time": (
        Panel(
            "How long answers took",
            ((f"sum by (le) (increase({series(f'{DURATION}_bucket')}[{RATE}]))", "{{le}}"),),
            "s",
            width=12,
            kind="heatmap",
        ),
        lines("Quantiles", *_LATENCY, unit="s", width=12),
    ),
    "Room": (
        lines(
            "Connections",
            (series("portico_edge_connections_used"), "used"),
            (series("portico_edge_connections_limit"), "limit"),
        ),
        lines(
            "Requests that wait",
            (series("portico_edge_queue"), "for any replica"),
            (by("replica", series("portico_edge_server_queue")), "for {{replica}}"),
        ),
        lines("HAProxy waited", (series("portico_edge_idle_ratio"), "share of time"), unit="percentunit"),
    ),
    "Refused, and TLS": (
        lines(
            "Refused a second",
            (by("instance", rate("portico_edge_requests_denied_total")), "requests"),
            (by("instance", rate("portico_edge_connections_denied_total")), "connections"),
            (by("instance", rate("portico_edge_requests_bad_total")), "that could not be read"),
            unit="reqps",
        ),
        lines(
            "TLS a second",
            (rate("portico_edge_tls_handshakes_total"), "full handshakes"),
            (rate("portico_edge_tls_resumptions_total"), "resumed"),
            (rate("portico_edge_tls_failures_total"), "failed"),
            unit="ops",
        ),
        lines(
            "Bytes a second",
            (by("instance", rate("portico_edge_sent_bytes_total")), "to visitors"),
            (by("instance", rate("portico_edge_received_bytes_total")), "from visitors"),
            unit="Bps",
        ),
    ),
}

CLUSTERS: Rows = {
    "What runs": (
        lines(
            "Replicas up, of those wanted",
            (series("portico_cluster_replicas_up"), "{{cluster}} up"),
            (series("portico_cluster_replicas"), "{{cluster}} wanted"),
        ),
        Panel(
            "As the edge sees them",
            ((series("portico_edge_server_up"), "{{cluster}} {{replica}}"),),
            kind="state-timeline",
            steps=GOOD_IS_ONE,
        ),
        lines(
            "Drained by a person",
            (series("portico_cluster_drained"), "{{cluster}}"),
        ),
    ),
    "What they do": (
        lines(
            "Requests a second",
            (rate("portico_edge_server_requests_total"), "{{replica}}"),
            unit="reqps",
        ),
        lines(
            "Errors a second",
            (rate("portico_edge_server_responses_total", code="5xx"), "{{replica}}"),
            unit="reqps",
        ),
        lines(
            "Tried again elsewhere, a second",
            (rate("portico_edge_server_retries_total"), "{{replica}} retried"),
            (rate("portico_edge_server_redispatches_total"), "{{replica}} sent on"),
            unit="reqps",
        ),
    ),
    "What they take": (
        lines("Memory", (series("portico_process_resident_memory_bytes"), "{{part}}"), unit="bytes"),
        lines("Cores", (rate("portico_process_cpu_seconds_total"), "{{part}}")),
        lines(
            "Started again in an hour",
            (hourly("portico_replica_restarts_total"), "{{replica}}"),
        ),
    ),
    "What they hold": (
        lines("Holds what is live", (series("portico_store_holds_live"), "{{store}}")),
        lines("Refused files", (series("portico_replica_refused_files"), "{{replica}}")),
        lines(
            "Free of the machine",
            (
                ratio(series("portico_host_memory_available_bytes"), series("portico_host_memory_bytes")),
                "memory",
            ),
            (ratio(series("portico_host_disk_free_bytes"), series("portico_host_disk_bytes")), "disk"),
            unit="percentunit",
        ),
    ),
}

INTAKE: Rows = {
    "Are forms taken?": (
        stat("Own post acknowledged", series("portico_intake_probe_up"), steps=GOOD_IS_ONE, width=6),
        stat("Waiting", series("portico_intake_waiting"), width=6),
        stat("In one cluster only", series("portico_intake_alone"), steps=GOOD_IS_ZERO, width=6),
        stat("Put aside", series("portico_intake_aside"), steps=GOOD_IS_ZERO, width=6),
    ),
    "Over time": (
        lines(
            "Delivered in an hour",
            (by("kind", hourly("portico_intake_delivered_total")), "{{kind}}"),
        ),
        lines("Oldest that waits", (series("portico_intake_oldest_seconds"), "post"), unit="s"),
        lines(
            "Own post: acknowledged, and delivered",
            (series("portico_intake_probe_seconds"), "acknowledged"),
            (series("portico_intake_probe_delivered_seconds"), "delivered"),
            unit="s",
        ),
    ),
    "Mail to forms' recipients": (
        lines("Mails that wait", (series("portico_intake_mail_waiting"), "mails"), width=12),
        lines("Oldest of them", (series("portico_intake_mail_oldest_seconds"), "mail"), unit="s", width=12),
    ),
}

PUBLISHING: Rows = {
    "Can editors write and publish?": (
        stat("Studio answers", series("portico_studio_up"), steps=GOOD_IS_ONE, width=6),
        stat(
            "Freezer silent for",
            series("portico_freezer_silent_seconds"),
            "s",
            steps=((None, "green"), (30, "red")),
            width=6,
        ),
        stat(
            "Oldest edit that isn't live",
            series("portico_edit_behind_seconds"),
            "s",
            steps=((None, "green"), (60, "red")),
            width=6,
        ),
        stat("Last publish", series("portico_publish_age_seconds"), "s", width=6),
    ),
    "How quick": (
        lines(
            "From an edit to live",
            *portions("portico_edit_to_live_seconds", 0.5, 0.95),
            unit="s",
        ),
        lines(
            "From the order to live",
            *portions("portico_publish_to_live_seconds", 0.5, 0.95),
            unit="s",
        ),
        lines("Seen by probes after", (series("portico_probe_publish_seen_seconds"), "{{target}}"), unit="s"),
    ),
    "How it went": (
        lines(
            "Ended in an hour",
            (by("kind, result", hourly("portico_publish_orders_total")), "{{kind}} {{result}}"),
        ),
        lines(
            "Edits that failed in an hour",
            (hourly("portico_edits_failed_total"), "edits"),
        ),
        lines(
            "Waiting",
            (series("portico_publish_queue"), "publishes"),
            (series("portico_keeper_orders_open"), "all orders"),
        ),
    ),
}

_VITALS = (
    ("Largest paint", "portico_visitor_largest_paint_seconds", "s"),
    ("Interaction", "portico_visitor_interaction_seconds", "s"),
    ("Layout shift", "portico_visitor_layout_shift_ratio", "short"),
    ("First byte", "portico_visitor_first_byte_seconds", "s"),
)

VISITORS: Rows = {
    "What visitors' browsers measured": (
        Panel(
            "A day's 75th percentile, by what is good",
            ((series("portico_visitor_day_ratio"), "{{vital}} {{device}}"),),
            kind="bargauge",
            width=12,
            told="Up to 1 is good.",
            steps=((None, "green"), (1, "orange"), (2, "red")),
        ),
        lines(
            "Visits that told, in a day",
            (series("portico_visitor_day_visits"), "{{vital}} {{device}}"),
            width=12,
        ),
        *(
            lines(
                f"{title}, 75th percentile",
                (
                    f"histogram_quantile(0.75, {by('le, device', hourly(f'{name}_bucket'))})",
                    "{{device}}",
                ),
                unit=unit,
                width=6,
            )
            for title, name, unit in _VITALS
        ),
    ),
    "What our own looks measured": (
        lines(
            "First byte, by place",
            (series("portico_probe_duration_seconds", target="edge", phase="first_byte"), "{{place}}"),
            unit="s",
        ),
        lines("The journey's steps", (series("portico_journey_step_seconds"), "{{step}}"), unit="s"),
        Panel(
            "The journey's steps went well",
            ((series("portico_journey_step_up"), "{{step}}"),),
            kind="state-timeline",
            steps=GOOD_IS_ONE,
        ),
    ),
    "Who asks, and for what": (
        lines(
            "Pages",
            (f"topk(10, {by('page', rate('portico_traffic_pages_total'))})", "{{page}}"),
            unit="reqps",
        ),
        lines(
            "Visitors", (by("visitor", rate("portico_traffic_visitors_total")), "{{visitor}}"), unit="reqps"
        ),
        lines(
            "Countries",
            (f"topk(10, {by('country', rate('portico_traffic_countries_total'))})", "{{country}}"),
            unit="reqps",
        ),
    ),
}

BOARDS: Mapping[str, tuple[str, Rows]] = {
    "overview": ("Portico: overview", OVERVIEW),
    "edge": ("Portico: edge", EDGE),
    "clusters": ("Portico: clusters and replicas", CLUSTERS),
    "intake": ("Portico: intake", INTAKE),
    "publishing": ("Portico: studio and publishing", PUBLISHING),
    "visitors": ("Portico: visitors", VISITORS),
}
