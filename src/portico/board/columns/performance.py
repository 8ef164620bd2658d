"""The first column: everything optimised, the database optimised, workload handled. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from portico.board import words
from portico.board.cell import PERFORMANCE, Cell, Evidence
from portico.board.seen import Seen

SOON_S, LATE_S = 1.0, 10.0
"""From an edit to live: what is promised, and what nobody would call fast."""
ROOM, TIGHT = 0.3, 0.1
"""Shares of its time for which the edge waits."""


def cells(seen: Seen) -> tuple[Cell, Cell, Cell]:
    return _optimised(seen), _database(seen), _workload(seen)


def _optimised(seen: Seen) -> Cell:
    promise = "Everything optimised"
    evidence = Evidence("/latency", "latency", "portico slo")
    told = seen.numbers
    if not told.first_byte:
        return Cell(PERFORMANCE, promise, "", "not measured yet: no visitor has come in this hour", evidence)
    slow, half = told.first_byte[0.99], told.first_byte[0.5]
    limit = seen.settings.slo.latency_ms / 1000
    tone = "good" if slow <= limit else "fair" if slow <= 4 * limit else "bad"
    more = f"half within {words.took(half)}"
    if told.hits is not None:
        more += f", {words.ratio(told.hits, 1)} from the edge's cache"
    says = "is what 99 of 100 visitors wait for the first byte at most, this hour"
    return Cell(PERFORMANCE, promise, words.took(slow), says, evidence, tone, more, told.first_byte_at)


def _database(seen: Seen) -> Cell:
    promise = "Database optimised"
    evidence = Evidence("/publishes", "publishes", "portico snapshots")
    if not seen.settings.runs_studio:
        says = "is what visitors wait for: the site comes from files, and no request asks a database"
        return Cell(PERFORMANCE, promise, "0 ms", says, evidence, "good")
    took = sorted(float(event.data.get("seconds") or 0.0) for event in seen.past.edits)
    if not took:
        return Cell(PERFORMANCE, promise, "", "not measured yet: nobody edited anything this month", evidence)
    slow = _quantile(took, 0.95)
    tone = "good" if slow <= SOON_S else "fair" if slow <= LATE_S else "bad"
    more = f"{words.count(len(took), 'edit')}; no visitor's page asks the database"
    says = "from an edit in the database to live, 95 of 100 this month"
    return Cell(PERFORMANCE, promise, words.took(slow), says, evidence, tone, more, seen.past.edits[-1].at)


def _workload(seen: Seen) -> Cell:
    promise = "Workload handled"
    evidence = Evidence("/traffic", "traffic", "portico status")
    told = seen.numbers
    if told.requests is None:
        when = "yet" if told.at is None else "now"
        return Cell(PERFORMANCE, promise, "", f"not measured {when}: nobody counts requests", evidence)
    replicas = [one for cluster in seen.state["clusters"] for one in cluster["replicas"]]
    ups = sum(one["state"] == "up" for one in replicas)
    drained = sum(one["state"] == "drained" for one in replicas)
    aside = f", {drained} drained" if drained else ""
    tone = "none" if told.idle is None else _room(told.idle)
    idle = "" if told.idle is None else f"; the edge rests {words.ratio(told.idle, 0)} of its time"
    busier = (told.most_requests or 0.0) > told.requests
    most = f", {words.rate(told.most_requests)} in this day's busiest hour" if busier else ""
    more = f"{ups} of {len(replicas)} replicas serve{aside}{idle}. Not load-tested yet before a release"
    return Cell(
        PERFORMANCE, promise, words.rate(told.requests), f"requests now{most}", evidence, tone, more, told.at
    )


def _room(idle: float) -> str:
    return "good" if idle >= ROOM else "fair" if idle >= TIGHT else "bad"


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
