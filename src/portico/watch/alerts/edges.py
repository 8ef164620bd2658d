"""Alerts on what the edge counts: errors, queues, limits, floods, and replicas that answer badly."""

from __future__ import annotations

from collections.abc import Iterator

from portico.model import HELPERS, Severity
from portico.watch import signal
from portico.watch.alerts import cases
from portico.watch.alerts.alert import Alert, Case, Trouble
from portico.watch.collect import edge, processes
from portico.watch.signal import Signal
from portico.watch.view import View

EDGE = {"part": "edge"}
OVER_S = 60.0
FEWEST = 5
"""So many errors there must be: one bad request at night is nobody's trouble."""

ERRORS, MANY_ERRORS = 0.02, 0.1
REPLICA_ERRORS = 0.2
QUEUE = 10.0
QUEUED_S = 20.0
CONNECTIONS, MOST_CONNECTIONS = 0.8, 0.95
FLOOD = 10.0
"""Requests and connections refused in a second."""

REPLICA_MEMORY = 256 << 20
"""A replica takes about 50 MiB."""

_NO_REPLICAS = frozenset({"edge", "guard", "keeper", *HELPERS})


def _errors(view: View) -> Iterator[Trouble]:
    bad, answers = _answered(view, edge.RESPONSES.name, door="https")
    if bad >= FEWEST and bad >= ERRORS * answers:
        severity = Severity.CRITICAL if bad >= MANY_ERRORS * answers else Severity.WARNING
        told = (
            f"Of the last minute's {answers:.0f} answers {bad:.0f} ({bad / answers:.1%}) were errors (5xx)."
        )
        yield Trouble(told, severity=severity, data=EDGE)


def _replica_errors(view: View) -> Iterator[Trouble]:
    for where, _ in view.each(edge.UP.name):
        place = {"cluster": where["cluster"], "replica": where["replica"]}
        bad, answers = _answered(view, edge.SERVER_RESPONSES.name, **place)
        if bad >= FEWEST and bad >= REPLICA_ERRORS * answers:
            told = f"Replica {place['replica']} answered {bad:.0f} of {answers:.0f} requests with an error."
            yield Trouble(told, place["replica"], data=place)


def _answered(view: View, name: str, **labels: str) -> tuple[float, float]:
    """The errors among the last minute's answers, and all of these."""
    return view.total(name, OVER_S, **labels, code="5xx"), view.total(name, OVER_S, **labels)


def _queue(view: View) -> Iterator[Trouble]:
    """Those that wait for any replica, and for one of their own."""
    waiting = [
        view.mean(edge.QUEUE.name, QUEUED_S),
        *(
            view.mean(edge.SERVER_QUEUE.name, QUEUED_S, **where)
            for where, _ in view.each(edge.SERVER_QUEUE.name)
        ),
    ]
    queued = sum(mean or 0.0 for mean in waiting)
    if queued >= QUEUE:
        yield Trouble(f"{queued:.0f} requests at a time wait for a replica.", data=EDGE)


def _connections(view: View) -> Iterator[Trouble]:
    used, limit = view.value(edge.CONNECTIONS_USED.name), view.value(edge.CONNECTIONS_LIMIT.name)
    if used is None or not limit or used < CONNECTIONS * limit:
        return
    severity = Severity.CRITICAL if used >= MOST_CONNECTIONS * limit else Severity.WARNING
    yield Trouble(f"{used:.0f} of {limit:.0f} connections are in use.", severity=severity, data=EDGE)


def _flood(view: View) -> Iterator[Trouble]:
    names = (edge.REQUESTS_DENIED.name, edge.CONNECTIONS_DENIED.name)
    refused = sum(view.total(name, OVER_S) for name in names) / OVER_S
    if refused >= FLOOD:
        yield Trouble(f"The edge refuses {refused:.0f} requests and connections a second.", data=EDGE)


def _replica_memory(view: View) -> Iterator[Trouble]:
    for labels, held in view.each(processes.MEMORY.name):
        name = labels["part"]
        if name not in _NO_REPLICAS and held > REPLICA_MEMORY:
            place = {"cluster": name.rstrip("0123456789"), "replica": name}
            yield Trouble(f"Replica {name} holds {held / (1 << 20):.0f} MiB of memory.", name, data=place)


def _responses(good: float, bad: float) -> Case:
    return cases.steady(
        signal.of(edge.RESPONSES.name, good, door="https", code="2xx"),
        signal.of(edge.RESPONSES.name, bad, door="https", code="5xx"),
    )


def _of_a1(good: float, bad: float) -> Case:
    a1 = {"cluster": "a", "replica": "a1"}
    return cases.steady(
        signal.of(edge.UP.name, 1, **a1),
        signal.of(edge.SERVER_RESPONSES.name, good, **a1, code="2xx"),
        signal.of(edge.SERVER_RESPONSES.name, bad, **a1, code="5xx"),
    )


def _queued(count: float) -> Case:
    return cases.steady(
        signal.of(edge.QUEUE.name, count), signal.of(edge.SERVER_QUEUE.name, 0, cluster="a", replica="a1")
    )


def _used(share: float) -> Case:
    used: Signal = signal.of(edge.CONNECTIONS_USED.name, share * 4096)
    return cases.steady(used, signal.of(edge.CONNECTIONS_LIMIT.name, 4096))


def _refused(each_look: float) -> Case:
    return cases.steady(
        signal.of(edge.REQUESTS_DENIED.name, each_look, door="https"),
        signal.of(edge.CONNECTIONS_DENIED.name, 0, door="https"),
    )


def _held(mib: float) -> Case:
    return cases.steady(
        signal.of(processes.MEMORY.name, mib * (1 << 20), part="a1"),
        signal.of(processes.MEMORY.name, 900 * (1 << 20), part="edge"),
    )


ALERTS = (
    Alert(
        "edge-errors",
        Severity.WARNING,
        "Visitors are answered with errors.",
        (edge.RESPONSES.name,),
        _errors,
        fires=_responses(100, 20),
        quiet=_responses(1000, 1),
        clear_s=30.0,
        felt=True,
    ),
    Alert(
        "edge-queue",
        Severity.WARNING,
        "Requests wait for a replica to be free.",
        (edge.QUEUE.name, edge.SERVER_QUEUE.name),
        _queue,
        fires=_queued(40),
        quiet=_queued(1),
        clear_s=30.0,
        felt=True,
    ),
    Alert(
        "edge-connections-near-limit",
        Severity.WARNING,
        "The edge can take few more connections.",
        (edge.CONNECTIONS_USED.name, edge.CONNECTIONS_LIMIT.name),
        _connections,
        fires=_used(0.9),
        quiet=_used(0.1),
        clear_s=30.0,
    ),
    Alert(
        "edge-flood",
        Severity.WARNING,
        "The edge refuses many requests: somebody asks too much, or tries tricks.",
        (edge.REQUESTS_DENIED.name, edge.CONNECTIONS_DENIED.name),
        _flood,
        fires=_refused(500),
        quiet=_refused(1),
        clear_s=60.0,
    ),
    Alert(
        "replica-errors",
        Severity.WARNING,
        "A replica answers many requests with errors; the edge asks another one for them.",
        (edge.UP.name, edge.SERVER_RESPONSES.name),
        _replica_errors,
        fires=_of_a1(10, 10),
        quiet=_of_a1(1000, 1),
        clear_s=30.0,
    ),
    Alert(
        "replica-memory",
        Severity.WARNING,
        "A replica takes several times the memory that it should.",
        (processes.MEMORY.name,),
        _replica_memory,
        fires=_held(400),
        quiet=_held(50),
        for_s=15.0,
        clear_s=15.0,
    ),
)
