"""What the probes measure."""

from __future__ import annotations

from collections.abc import Iterable

from portico.watch import signal
from portico.watch.answer import What
from portico.watch.metric import Kind, Metric
from portico.watch.probes.report import CERTIFICATE, EDGE, NAME, REDIRECT, Report
from portico.watch.signal import Signal

LOOKS = Metric(
    "portico_probe_looks_total",
    Kind.COUNTER,
    "",
    "Looks at a target (edge, a cluster, mirror, redirect, dns, certificate), by what was seen.",
    "probes",
    ("place", "target", "result"),
)
AGREED = Metric(
    "portico_probe_agreed_total",
    Kind.COUNTER,
    "",
    "Looks of all places at a target's pages, bad ones where enough places agree: what promises count.",
    "probes",
    ("target", "result"),
)
DURATION = Metric(
    "portico_probe_duration_seconds",
    Kind.GAUGE,
    "seconds",
    "What the latest look took: dns, tcp, tls, first_byte, and total until the first page was whole.",
    "probes",
    ("place", "target", "phase"),
)
SUCCESS = Metric(
    "portico_probe_success_ratio",
    Kind.GAUGE,
    "ratio",
    "Share of the looks of the last five minutes that were right.",
    "probes",
    ("place", "target"),
)
FAILS = Metric(
    "portico_probe_failed_in_a_row",
    Kind.GAUGE,
    "",
    "Failed looks since the last right one.",
    "probes",
    ("place", "target"),
)
AGE = Metric(
    "portico_probe_report_age_seconds",
    Kind.GAUGE,
    "seconds",
    "How old a place's latest report is.",
    "probes",
    ("place",),
)
FRESH = Metric(
    "portico_probe_publish_seen_seconds",
    Kind.GAUGE,
    "seconds",
    "How long after the last flip the target was seen to show the new snapshot.",
    "probes",
    ("place", "target"),
)
CERTIFICATE_LEFT = Metric(
    "portico_probe_certificate_remaining_seconds",
    Kind.GAUGE,
    "seconds",
    "Until the certificate that visitors are shown ends.",
    "probes",
    ("place",),
)
METRICS = (LOOKS, AGREED, DURATION, SUCCESS, FAILS, AGE, FRESH, CERTIFICATE_LEFT)

_TIMED = ("dns", "tcp", "tls", "first_byte", "total")
_OF_PAGES = (
    What.RIGHT,
    What.STALE,
    What.INJECTED,
    What.DEFACED,
    What.REDIRECT,
    What.ERROR,
    What.UNREACHABLE,
)
_RESULTS = {
    EDGE: (*_OF_PAGES, What.CERTIFICATE, What.UNRESOLVED),
    REDIRECT: (What.RIGHT, What.REDIRECT, What.ERROR, What.UNREACHABLE),
    NAME: (What.RIGHT, What.UNRESOLVED),
    CERTIFICATE: (What.RIGHT, What.CERTIFICATE, What.STALE, What.UNREACHABLE),
}


def results(target: str) -> tuple[What, ...]:
    """What may be seen of a target. Counters begin with a zero, so that the first failure is an increase."""
    return _RESULTS.get(target, (*_OF_PAGES, What.MISPLACED))


def of_report(report: Report) -> Iterable[Signal]:
    where = {"place": report.place, "target": report.target}
    yield signal.of(FAILS.name, report.fails, **where)
    for phase in _TIMED:
        if phase in report.phases:
            yield signal.of(DURATION.name, report.phases[phase], **where, phase=phase)
    if "fresh" in report.phases:
        yield signal.of(FRESH.name, report.phases["fresh"], **where)
    if "left" in report.phases:
        yield signal.of(CERTIFICATE_LEFT.name, report.phases["left"], place=report.place)


def of_counts(place: str, target: str, counts: dict[What, int]) -> Iterable[Signal]:
    for what in dict.fromkeys((*results(target), *counts)):
        yield signal.of(LOOKS.name, counts.get(what, 0), place=place, target=target, result=what)
