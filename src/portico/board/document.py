"""The first page as JSON values, for scripts: `portico top --json`. Pure."""

from __future__ import annotations

from typing import Any

from portico.board.board import Board
from portico.board.cell import Cell
from portico.board.picture import Part
from portico.watch.slo import budget
from portico.watch.slo import words as told


def of(board: Board) -> dict[str, Any]:
    now = board.seen.now
    return {
        "at": now,
        "address": board.seen.state["address"],
        "pulse": {"tone": board.pulse.tone, "words": board.pulse.words},
        "silent": [heard.name for heard in board.seen.age.silent],
        "columns": [_cell(cell, now) for row in board.rows for cell in row],
        "stack": {
            "requests_per_second": board.picture.asked,
            "sent_per_second": dict(board.picture.sent),
            "parts": [
                _part(one) for one in (board.picture.edge, *board.picture.places, board.picture.source)
            ],
        },
        "promises": [_promise(state) for state in board.promises],
        "incidents": [
            {"id": one.id, "severity": str(one.severity), "title": one.title, "opened": one.opened}
            for one in board.incidents
        ],
        "publishes": [
            {"at": one.at, "snapshot": one.snapshot, "kind": one.kind, "by": one.by, "seconds": one.took}
            for one in board.publishes
        ],
        "mended": [
            {"at": one.at, "what": one.what, "did": one.did, "seconds": one.took, "drill": one.practice}
            for one in board.mended
        ],
    }


def _cell(cell: Cell, now: float) -> dict[str, Any]:
    return {
        "column": cell.column,
        "promise": cell.promise,
        "value": cell.value or None,
        "says": cell.says,
        "more": cell.more,
        "tone": cell.tone,
        "age_s": None if cell.at is None else round(now - cell.at, 1),
        "evidence": {"page": cell.evidence.href, "command": cell.evidence.command},
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "state": part.state,
        "says": list(part.lines),
        "replicas": dict(part.replicas),
    }


def _promise(state: budget.State) -> dict[str, Any]:
    return {
        "objective": state.objective,
        "target": state.target,
        "measured": state.measured,
        "left": state.left if state.total > 0 else None,
        "forecast": told.forecast(state),
    }
