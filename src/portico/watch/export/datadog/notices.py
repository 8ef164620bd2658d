"""The ledger's events as Datadog's logs and events, and what is off as its service checks. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portico.model import Event, Finding, Severity
from portico.watch.export.datadog import redact

CHECK = "portico.alert"
"""One service check for each alert, told apart by its tag."""

OK, WARNING, CRITICAL = 0, 1, 2
_STATUS = {Severity.INFO: OK, Severity.WARNING: WARNING, Severity.CRITICAL: CRITICAL}
_LONGEST = 500
_LEVELS = {"critical": "error", "warning": "warn", "info": "info"}
_PRACTISED = "Drill: "
_BAD = ("died", "hung", "failed", "full", "refused", "absent")


@dataclass(frozen=True, slots=True)
class From:
    """Who tells: the machine's name, the tags of all that is sent, and what must stay here."""

    host: str
    tags: tuple[str, ...]
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """An event at Datadog. `kind` is one of its words: error, warning, success, info."""

    at: float
    title: str
    text: str
    kind: str
    key: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    status: int
    message: str
    tags: tuple[str, ...]
    name: str = CHECK


_TITLES: Mapping[str, tuple[str, str]] = {
    "incident.opened": ("Incident {subject}: {title}", "error"),
    "incident.closed": ("Incident {subject} is over: {title}", "success"),
    "incident.acknowledged": ("Incident {subject} is looked after", "info"),
    "finding.open": ("{sentence}", "warning"),
    "finding.changed": ("{sentence}", "warning"),
    "finding.over": ("Over: {sentence}", "success"),
    "live": ("Snapshot {short} is live", "info"),
    "taken.down": ("Pages were taken down", "info"),
    "edge.reloaded": ("The edge was reloaded", "info"),
    "edge.died": ("The edge died", "error"),
    "keeper.died": ("The keeper died", "warning"),
    "replica.ejected": ("Replica {subject} was ejected", "warning"),
    "shield.raised": ("The shield was raised", "warning"),
    "stack.absent": ("Nothing of Portico ran for a while", "error"),
    "drill": ("Drill: {subject}", "info"),
}


def logs(events: Iterable[Event], told: From) -> list[dict[str, Any]]:
    """Every event of the ledger, with its hash, so that a copy of the chain lies outside."""
    return [_log(event, told) for event in events]


def notices(events: Iterable[Event], told: From) -> Iterator[Notice]:
    """The few that a person wants to see above a graph."""
    for event in events:
        if event.kind in _TITLES and event.data.get("severity") != Severity.INFO:
            yield _notice(event, told)


def checks(alerts: Collection[str], findings: Iterable[Finding], told: From) -> list[Check]:
    """Each alert's worst finding now; what is only practised is none."""
    worst: dict[str, Finding] = {}
    for finding in findings:
        known = worst.get(finding.alert)
        if "drill" in finding.data or (known and _status(known) >= _status(finding)):
            continue
        worst[finding.alert] = finding
    return [_check(name, worst.get(name), told) for name in sorted({*alerts, *worst})]


def event_body(notice: Notice, told: From) -> dict[str, Any]:
    """For the HTTP API."""
    return {
        "title": notice.title,
        "text": notice.text or notice.title,
        "date_happened": int(notice.at),
        "host": told.host,
        "alert_type": notice.kind,
        "priority": "low" if notice.kind == "info" else "normal",
        "source_type_name": "portico",
        "aggregation_key": notice.key,
        "tags": list(notice.tags),
    }


def check_bodies(found: Sequence[Check], told: From, now: float) -> list[dict[str, Any]]:
    """For the HTTP API."""
    return [
        {
            "check": one.name,
            "status": one.status,
            "host_name": told.host,
            "message": one.message,
            "tags": list(one.tags),
            "timestamp": int(now),
        }
        for one in found
    ]


def _log(event: Event, told: From) -> dict[str, Any]:
    data = redact.clean(dict(event.data), told.secrets)
    said = data.get("sentence") or data.get("title") or ""
    message = f"{event.kind} {redact.text(event.subject, told.secrets)}{f': {said}' if said else ''}"
    return {
        "message": message,
        "ddsource": "portico",
        "service": "portico",
        "hostname": told.host,
        "ddtags": ",".join(told.tags),
        "status": _level(event),
        "timestamp": int(event.at * 1000),
        "portico": {
            "seq": event.seq,
            "kind": event.kind,
            "subject": redact.text(event.subject, told.secrets),
            "data": data,
            "hash": event.hash,
        },
    }


def _level(event: Event) -> str:
    said = str(event.data.get("sentence") or event.data.get("title") or "")
    if event.kind in {"finding.over", "incident.closed"} or said.startswith(_PRACTISED):
        return "info"
    if severity := event.data.get("severity"):
        return _LEVELS.get(str(severity), "info")
    return "warn" if event.kind.endswith(_BAD) else "info"


def _notice(event: Event, told: From) -> Notice:
    data = redact.clean(dict(event.data), told.secrets)
    shape, kind = _TITLES[event.kind]
    subject = redact.text(event.subject, told.secrets)
    known = {"title": "", "sentence": "", **data, "subject": subject, "short": subject[:12]}
    title = shape.format_map(known).strip(" :") or f"{event.kind} {subject}"
    text = str(data.get("sentence") or data.get("title") or "")
    worse = "error" if data.get("severity") == Severity.CRITICAL and kind == "warning" else kind
    told_as = "info" if text.startswith(_PRACTISED) else worse
    about = event.subject if event.kind.startswith(("finding", "incident")) else event.kind
    tags = (*told.tags, f"portico_event:{event.kind}")
    return Notice(
        event.at, title[:_LONGEST], text, told_as, f"portico-{redact.text(about, told.secrets)}"[:100], tags
    )


def _status(finding: Finding) -> int:
    return _STATUS[finding.severity]


def _check(name: str, finding: Finding | None, told: From) -> Check:
    status = _status(finding) if finding else OK
    message = redact.text(finding.sentence, told.secrets)[:_LONGEST] if finding and status else ""
    return Check(status, message, (*told.tags, f"alert:{name}"))
