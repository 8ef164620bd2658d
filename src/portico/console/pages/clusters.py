"""Each cluster and each replica, and every other process: how it is, what it takes, what it serves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from portico.board import breakdown, parts, state
from portico.board.breakdown import Breakdown
from portico.board.latest import Latest
from portico.board.parts import Cluster, Part, Rates, Stack
from portico.console import span
from portico.console.desk import Desk
from portico.console.page import Page, Told
from portico.console.pages import events
from portico.console.pages.traffic import chart
from portico.kit.errors import MissingError
from portico.ledger import paging
from portico.model import Event

MINUTE_S = 60.0
EVENTS = 20
AMONG = 20_000
"""Looked for among so many of the newest: no index knows whom an event is about, and this is asked often."""


def look(desk: Desk, _request: Request) -> Told:
    return {"stack": stack(desk)}


def look_at(desk: Desk, request: Request) -> Told:
    name = str(request.path_params["part"])
    every = stack(desk)
    found = every.find(name)
    if found is None:
        raise MissingError(f"there is no part {name!r} of this stack", hint="the list is at /clusters")
    asked = span.of(request.query_params, desk.now, "6h", zone=desk.zone)
    return {
        "title": title(found),
        "part": found,
        "stack": every,
        "is_cluster": isinstance(found, Cluster),
        "asked": asked,
        "span_words": span.WORDS,
        "charts": charts(found, asked),
        "events": events.told(_lately(desk, name), desk.zone),
    }


def _lately(desk: Desk, name: str) -> list[Event]:
    wanted, after = paging.Wanted(about=name), paging.last_seq(desk.ledger) - AMONG
    return paging.newest(desk.ledger, wanted, most=EVENTS, after=after)


def title(part: Cluster | Part) -> str:
    if isinstance(part, Cluster):
        return f"Cluster {part.name}"
    return part.name.capitalize() if part.name in parts.KINDS else f"Replica {part.name}"


def stack(desk: Desk) -> Stack:
    known = desk.series.names("portico_")
    found = Breakdown(desk.series, breakdown.Asked(desk.now - MINUTE_S, desk.now, 1))
    requests = found.of("portico_edge_server_requests_total", "replica")
    cpu = found.of("portico_process_cpu_seconds_total", "part")
    rates = Rates(
        {name: requests.total(name) / MINUTE_S for (name,) in requests.courses},
        {name: cpu.total(name) / MINUTE_S for (name,) in cpu.courses},
    )
    return parts.of(state.gather(desk.home, desk.ledger, desk.now), Latest.of(known, desk.now), rates)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart of a part. `metric` and `label` lead to the explorer."""

    title: str
    note: str
    asked: dict[str, Any]
    metric: str
    label: str


def charts(part: Cluster | Part, asked: span.Span) -> list[Drawn]:
    """What is worth a picture of it. Pure."""

    def drawn(title: str, note: str, metric: str, label: str) -> Drawn:
        return Drawn(title, note, chart(asked, metric, label), metric, label)

    if isinstance(part, Cluster):
        of = f"cluster={part.name}"
        return [
            drawn("Requests a second", "sent there by the edge", "portico_edge_server_requests_total", of),
            drawn("Time to the first byte", "a mean, by replica", "portico_edge_server_response_seconds", of),
            drawn("Replicas that are up", "by the keeper", "portico_cluster_replicas_up", of),
        ]
    own = [
        drawn("Memory", "resident", "portico_process_resident_memory_bytes", f"part={part.name}"),
        drawn("Processor", "of one core", "portico_process_cpu_seconds_total", f"part={part.name}"),
    ]
    if part.serves:
        of = f"replica={part.name}"
        return [
            drawn("Requests a second", "sent there by the edge", "portico_edge_server_requests_total", of),
            drawn("Time to the first byte", "a mean", "portico_edge_server_response_seconds", of),
            *own,
        ]
    return own


PAGES = (
    Page(
        "clusters",
        "/clusters",
        "Clusters",
        "clusters/page.html",
        look,
        live=("parts",),
        every_s=3,
        menu="Clusters",
    ),
    Page(
        "part",
        "/clusters/{part}",
        "A part",
        "clusters/part.html",
        look_at,
        live=("facts", "happened"),
        every_s=3,
    ),
)
