"""The first page as values: for the console's page, and for `portico top`. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from portico.board import mended, publishes, pulse
from portico.board import picture as pictures
from portico.board.cell import Cell
from portico.board.columns import durability, performance, security
from portico.board.mended import Mended
from portico.board.picture import Picture
from portico.board.publishes import Publish
from portico.board.pulse import Pulse
from portico.board.seen import Seen
from portico.ledger.incidents import Incident
from portico.watch.slo import budget


@dataclass(frozen=True, slots=True)
class Board:
    """`rows` are the three of the table, each with a cell of every column."""

    seen: Seen
    pulse: Pulse
    rows: tuple[tuple[Cell, Cell, Cell], ...]
    picture: Picture
    promises: tuple[budget.State, ...]
    incidents: tuple[Incident, ...]
    publishes: tuple[Publish, ...]
    mended: tuple[Mended, ...]

    @property
    def urgent(self) -> bool:
        """Something is open that is no drill."""
        return any(not one.data.get("drill") for one in self.incidents)


def of(seen: Seen) -> Board:
    columns = (performance.cells(seen), durability.cells(seen), security.cells(seen))
    first, second, third = zip(*columns, strict=True)
    return Board(
        seen,
        pulse.judge(seen.age, seen.past.open, seen.findings, tuple(pulse.wishes(seen.state))),
        (first, second, third),
        pictures.of(seen),
        seen.promises,
        seen.past.open,
        tuple(publishes.of(seen.past, seen.state["snapshot"])),
        tuple(mended.of(seen.past)),
    )
