"""The series of a stack that never ran: a month four times a day, the last three hours by the half minute."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from portico.config.watching import Watch
from portico.watch import signal
from portico.watch.collect.edge_log import BOUNDS
from portico.watch.series.store import Store

LONG = Watch(raw_days=30, minute_days=120, hour_days=2000)
CLUSTERS = {"a": ("a1", "a2"), "b": ("b1", "b2")}
TARGETS = ("edge", "a", "b", "mirror", "dns", "certificate")
_SHARES = (0.4, 0.7, 0.85, 0.93, 0.97, 0.985, 0.993, 0.997, 0.999, 0.9997)


def write(folder: Path, now: float, *, broken_s: float = 0.0, silent_s: float = 0.0) -> None:
    """`broken_s` ago cluster b went away; `silent_s` ago nobody measured any more."""
    moments = [
        *_steps(now - 30 * 86400, now - 3 * 3600, 6 * 3600),
        *_steps(now - 3 * 3600, now - silent_s, 30),
    ]
    at = moments[0]
    store = Store(folder, LONG, lambda: at)
    before = at
    for at in moments:  # the store's clock, too
        store.append(at, _round(at, min(3600.0, at - before), broken=at > now - broken_s))
        before = at
    store.close()


def _steps(start: float, end: float, step: float) -> Iterator[float]:
    return (start + number * step for number in range(int((end - start) / step)))


def _round(at: float, passed: float, *, broken: bool) -> dict[str, float]:
    """A counter's sample is what it grew by."""
    rate = 30 + 25 * math.sin(at / 86400 * 2 * math.pi - 1.9) + 4 * math.sin(at / 700)
    found = [
        *_edge(rate, passed, broken=broken),
        *_clusters(rate, passed, broken=broken),
        *_probes(passed, broken=broken),
    ]
    found += _host(at, passed)
    found += _traffic(rate * passed / 16, broken=broken)
    return {one.key: one.value for one in found}


def _edge(rate: float, passed: float, *, broken: bool) -> Iterator[signal.Signal]:
    of, all_ = signal.of, rate * passed
    yield of("portico_edge_requests_total", all_, door="https")
    yield of("portico_edge_requests_total", all_ * 0.04, door="http")
    for code, share in (("2xx", 0.93), ("3xx", 0.05), ("4xx", 0.02), ("5xx", 0.0002 if broken else 0.0)):
        yield of("portico_edge_responses_total", all_ * share, door="https", code=code)
    yield of("portico_edge_cache_lookups_total", all_, look="first")
    yield of("portico_edge_cache_hits_total", all_ * 0.986, look="first")
    yield of("portico_edge_connections_open", 60 + rate)
    yield of("portico_edge_sent_bytes_total", all_ * 14_300, door="https")
    yield of("portico_edge_response_time_seconds", 0.0011 if not broken else 0.0034)
    logged = all_ / 16
    shares = [*_SHARES, *[1.0] * len(BOUNDS)][: len(BOUNDS)]
    for bound, share in zip(BOUNDS, shares, strict=True):
        slower = share**3 if broken else share
        yield of(
            "portico_edge_request_duration_seconds_bucket", logged * slower, source="cache", le=f"{bound:g}"
        )
    yield of("portico_edge_request_duration_seconds_bucket", logged, source="cache", le="+Inf")
    yield of("portico_edge_request_duration_seconds_count", logged, source="cache")
    yield of("portico_edge_request_duration_seconds_sum", logged * 0.0012, source="cache")


def _clusters(rate: float, passed: float, *, broken: bool) -> Iterator[signal.Signal]:
    of = signal.of
    for cluster, replicas in CLUSTERS.items():
        gone = broken and cluster == "b"
        yield of("portico_cluster_replicas", 2, cluster=cluster)
        yield of("portico_cluster_replicas_up", 0 if gone else 2, cluster=cluster)
        for replica in replicas:
            where = {"cluster": cluster, "replica": replica}
            yield of("portico_edge_server_up", 0 if gone else 1, **where)
            yield of("portico_replica_up", 0 if gone else 1, **where)
            yield of("portico_edge_server_requests_total", 0 if gone else rate * passed * 0.0035, **where)
            yield of("portico_edge_server_response_seconds", 0.0021, **where)
            yield of("portico_process_resident_memory_bytes", 48e6, part=replica)
        yield of("portico_store_holds_live", 1, store=cluster)
        yield of("portico_store_free_bytes", 41e9, store=cluster)
    yield of("portico_store_holds_live", 1, store="mirror")
    yield of("portico_mirror_age_seconds", 0)


def _probes(passed: float, *, broken: bool) -> Iterator[signal.Signal]:
    of, looks = signal.of, max(1.0, passed / 10)
    for target in TARGETS:
        bad = broken and target == "b"
        yield of(
            "portico_probe_looks_total",
            looks,
            place="here",
            target=target,
            result="unreachable" if bad else "right",
        )
        yield of("portico_probe_agreed_total", looks, target=target, result="unreachable" if bad else "right")
        yield of("portico_probe_duration_seconds", 0.012, place="here", target=target, phase="total")
        yield of("portico_probe_success_ratio", 0.2 if bad else 1, place="here", target=target)


def _host(at: float, passed: float) -> Iterator[signal.Signal]:
    of = signal.of
    yield of("portico_host_cpu_cores", 2)
    yield of("portico_host_cpu_seconds_total", passed * 0.21, mode="user")
    yield of("portico_host_cpu_seconds_total", passed * 1.79, mode="idle")
    yield of("portico_host_memory_bytes", 8e9)
    yield of("portico_host_memory_available_bytes", 5.1e9 + 1e8 * math.sin(at / 3000))
    yield of("portico_host_disk_bytes", 80e9)
    yield of("portico_host_disk_free_bytes", 41e9)
    yield of("portico_host_load", 0.4, window="1m")
    yield of("portico_keeper_tick_seconds", 0.003)
    yield of("portico_certificate_left_seconds", 61 * 86400)
    yield of("portico_publish_ok", 1)
    yield of("portico_studio_up", 1)
    yield of("portico_intake_waiting", 0)


_PAGES = {
    "/": 0.21,
    "/leistungen/": 0.09,
    "/kontakt/": 0.06,
    "/news/2026/11/neue-werkstatt/": 0.03,
    "/karriere/": 0.02,
}
_KINDS = {"styles and scripts": 0.3, "pictures": 0.2, "fonts": 0.07, "redirects": 0.01}
_COUNTRIES = {"DE": 0.71, "AT": 0.11, "CH": 0.08, "US": 0.05, "unknown": 0.05}


def _traffic(logged: float, *, broken: bool) -> Iterator[signal.Signal]:
    of, name = signal.of, "portico_traffic_{}_total".format
    for page, share in (_PAGES | _KINDS).items():
        yield of(name("pages"), logged * share, page=page, code="2xx")
    yield of(name("pages"), logged * 0.01, page="not of the site", code="4xx")
    if broken:
        yield of(name("pages"), logged * 0.004, page="/kontakt/", code="5xx")
    for status, share in (
        (200, 0.91),
        (304, 0.05),
        (308, 0.01),
        (404, 0.02),
        (502, 0.004 if broken else 0.0),
    ):
        yield of(name("statuses"), logged * share, status=str(status))
    for visitor, share in (("person", 0.74), ("program", 0.26)):
        yield of(name("visitors"), logged * share * 0.98, visitor=visitor, code="2xx")
        yield of(name("visitors"), logged * share * 0.02, visitor=visitor, code="4xx")
    for country, share in _COUNTRIES.items():
        yield of(name("countries"), logged * share, country=country)
