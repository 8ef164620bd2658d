"""A far probe's round: look, note, hand in. `portico probe` runs it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from portico.watch.answer import What
from portico.watch.probes import report
from portico.watch.probes.agent import Agent
from portico.watch.probes.board import Board
from portico.watch.probes.correspondence import Correspondent
from portico.watch.probes.looks import Outcome

_OF_THE_MANIFEST = frozenset({What.STALE, What.INJECTED, What.DEFACED, What.REDIRECT, What.ERROR})
"""What may be right by tasks that are newer than ours: something was published meanwhile."""


@dataclass(slots=True)
class FarProbe:
    """`correspondent` is None where nobody says what is right, and nobody is told."""

    agent: Agent
    place: str
    correspondent: Correspondent | None = None
    board: Board = field(init=False)

    def __post_init__(self) -> None:
        self.board = Board(self.place)

    def look(self) -> dict[str, Outcome]:
        """One round; what came of each target."""
        asked = self.correspondent
        if asked:
            asked.refresh(time.monotonic())
        found = self.agent.look(asked.tasks if asked else None)
        if (
            asked
            and found[report.EDGE].what in _OF_THE_MANIFEST
            and asked.refresh(time.monotonic(), at_once=True)
        ):
            found[report.EDGE] = self.agent.pages(asked.tasks)
        for target, seen in found.items():
            self.board.note(target, seen, time.time())
        if asked:
            asked.send(self.board, found, time.monotonic())
        return found
