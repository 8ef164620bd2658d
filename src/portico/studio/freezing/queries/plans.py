"""What a SELECT's text says about the rows that can change its answer: worked out once for each text.

A change matters to a query in two ways. By a row: it is in the answer, and a column that is shown changed.
By the guards: a row comes, goes, or changes a column that decides, and fits what the query looks for.
Whatever isn't understood counts as depending on every row of its table.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

EQUAL = "="
BEGINS = "^"
BETWEEN = "~"
EVERY = "*"

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Guard:
    """`column` must equal one of the operands, begin with it, or lie between the two.

    An operand is a parameter's index, or a literal in a list.
    """

    column: str
    kind: str
    operands: tuple[Any, ...]

    def values(self, params: Sequence[Any]) -> set[str] | None:
        """None when an operand can't be compared with what is logged of a row."""
        told = [plain(one[0] if isinstance(one, list | tuple) else params[one]) for one in self.operands]
        known = [value for value in told if value is not None]
        if len(known) < len(told):
            return None
        if self.kind == EQUAL:
            return set(known)
        start = _shared([value.removesuffix("%") for value in known])
        # other letters mean something else in a pattern, or stand elsewhere in another order of letters
        return {start} if start.isalnum() else None

    def fits(self, row: Row, params: Sequence[Any]) -> bool:
        wanted, value = self.values(params), plain(row.get(self.column))
        if wanted is None or self.column not in row:
            return True
        if value is None:
            return False
        if self.kind != EQUAL:
            return any(value.startswith(start) for start in wanted)
        return value in wanted


@dataclass(frozen=True, slots=True)
class Table:
    """`row` is where the answer tells the primary key; a `lookup` is joined by its key, else only shown."""

    deciding: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    guards: tuple[Guard, ...] = ()
    row: int | None = None
    lookup: bool = False
    every: bool = False

    def fits(self, rows: Iterable[Row], params: Sequence[Any]) -> bool:
        return any(all(guard.fits(row, params) for guard in self.guards) for row in rows)


@dataclass(frozen=True, slots=True)
class Plan:
    """`private` are places in the answer that only editors see; `hidden` private columns that decide."""

    tables: dict[str, Table] = field(default_factory=dict)
    private: tuple[int, ...] = ()
    hidden: tuple[str, ...] = ()

    def of(self, table: str) -> Table | None:
        return self.tables.get(table) or self.tables.get(EVERY)


def plain(value: Any) -> str | None:
    """How a value is compared: the same for a parameter and for what a trigger logged."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | str):
        return str(value)
    return None


def encode(plan: Plan) -> str:
    return json.dumps(asdict(plan), default=sorted, separators=(",", ":"))


def decode(text: str) -> Plan:
    told = json.loads(text)
    tables = {
        name: Table(
            deciding=frozenset(table["deciding"]),
            shown=frozenset(table["shown"]),
            guards=tuple(
                Guard(one["column"], one["kind"], tuple(one["operands"])) for one in table["guards"]
            ),
            row=table["row"],
            lookup=table["lookup"],
            every=table["every"],
        )
        for name, table in told["tables"].items()
    }
    return Plan(tables, tuple(told["private"]), tuple(told["hidden"]))


def _shared(words: Sequence[str]) -> str:
    """What they all begin with."""
    first, last = min(words), max(words)
    same = (place for place, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(same, min(len(first), len(last)))]
