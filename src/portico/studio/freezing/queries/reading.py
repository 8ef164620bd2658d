"""Reads a SELECT's text into a plan, with sqlglot. Pure: what is known of the schema comes as a value."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp

from portico.studio.freezing.queries.plans import BEGINS, BETWEEN, EQUAL, EVERY, Guard, Plan, Table
from portico.studio.freezing.visible import Reference

DIALECTS = {"sqlite": "sqlite", "postgresql": "postgres"}
PATH = "path"  # a tree's digits and capitals: their order is the same in every database
_COARSE = ("content_type_id", "depth", "live", "locale_id", "site_id")

_PLACE = re.compile(r"%(s|%)")
_Named = tuple[str, str]
"""A table's alias and a column."""


@dataclass(frozen=True, slots=True)
class Known:
    """The schema: primary keys by table, foreign keys, columns that are logged, private columns."""

    keys: Mapping[str, str]
    references: Collection[Reference]
    logged: Mapping[str, Collection[str]]
    private: Collection[str]


def read(sql: str, vendor: str, known: Known) -> Plan:
    try:
        tree = sqlglot.parse_one(_numbered(sql), dialect=DIALECTS[vendor])
    except sqlglot.errors.SqlglotError:
        return Plan({EVERY: Table(every=True)})
    return _Reader(tree, known).plan()


def _numbered(sql: str) -> str:
    """Django's %s as named places, so that their order survives whatever order the tree is walked in."""
    numbers = itertools.count()
    return _PLACE.sub(lambda found: f":p{next(numbers)}" if found[1] == "s" else "%", sql)


class _Reader:
    def __init__(self, tree: exp.Expr, known: Known) -> None:
        self.tree = tree
        self.known = known
        self.names = Counter(table.name for table in tree.find_all(exp.Table))
        self.sources = _sources(tree)
        self.simple = isinstance(tree, exp.Select) and not tree.args.get("with_") and not _obscure(tree)
        self.grouped = bool(tree.args.get("group") or tree.find(exp.AggFunc))
        self.limited = bool(tree.args.get("limit") or tree.args.get("offset"))

    def plan(self) -> Plan:
        vague = {name for name, count in self.names.items() if count > 1 or name not in self.sources.values()}
        if not self.simple or not all(column.table for column in self.tree.find_all(exp.Column)):
            vague = set(self.names)
        shown, places, private = self._projections()
        deciding = self._deciding()
        guards = self._guards()
        tables = {name: Table(every=True) for name in vague}
        for alias, name in self.sources.items():
            if name in vague:
                continue
            row = None if self.grouped else self._row((alias, self.known.keys.get(name, "")), places)
            decides = frozenset(column for of, column in deciding if of == alias)
            tables[name] = Table(
                deciding=decides,
                shown=frozenset(column for of, column in shown if of == alias) | decides,
                guards=tuple(sorted(guards.get(alias, ()), key=self._rank(name))),
                row=row,
                lookup=row is not None and self._is_lookup(alias),
            )
        return Plan(tables, tuple(private), tuple(sorted(self._hidden())))

    def _projections(self) -> tuple[set[_Named], dict[_Named, int], list[int]]:
        """Plain columns of the select list, their places, and which places are private."""
        shown: set[_Named] = set()
        places: dict[_Named, int] = {}
        private: list[int] = []
        for place, one in enumerate(self.tree.selects if isinstance(self.tree, exp.Select) else ()):
            column = one.unalias().unnest()
            if not isinstance(column, exp.Column):
                continue
            if column.name in self.known.private:
                private.append(place)
                continue
            shown.add((column.table, column.name))
            places.setdefault((column.table, column.name), place)
        if isinstance(self.tree, exp.Select) and not self.limited:
            shown |= {_named(column) for column in self._ordering()}
        return shown, places, private

    def _row(self, key: _Named, places: Mapping[_Named, int]) -> int | None:
        """Where the answer tells the key, or what always equals it: a page and its kind share theirs."""
        same = {key}
        for condition, outer in self._conditions():
            pair = _equality(condition)
            if pair and outer is None and key in pair:
                same |= set(pair)
        return min((places[one] for one in same if one in places), default=None)

    def _ordering(self) -> Iterator[exp.Column]:
        order = self.tree.args.get("order")
        return order.find_all(exp.Column) if order else iter(())

    def _deciding(self) -> set[_Named]:
        """Every column but those that are only shown, or only put an answer without a limit in order."""
        aside: set[int] = set()
        if isinstance(self.tree, exp.Select) and not self.grouped:
            plain = (one.unalias().unnest() for one in self.tree.selects)
            aside |= {id(column) for column in plain if isinstance(column, exp.Column)}
            if not self.limited:
                aside |= {id(column) for column in self._ordering()}
        return {_named(column) for column in self.tree.find_all(exp.Column) if id(column) not in aside}

    def _hidden(self) -> set[str]:
        """Private columns that decide; in a list of columns, or grouped by beside the key, they don't."""
        listed: set[int] = set()
        for select in self.tree.find_all(exp.Select):
            listed |= {id(one.unalias().unnest()) for one in select.selects}
            grouped = select.args.get("group")
            listed |= {id(column) for column in grouped.find_all(exp.Column)} if grouped else set()
        columns = (column for column in self.tree.find_all(exp.Column) if id(column) not in listed)
        return {column.name for column in columns if column.name in self.known.private}

    def _guards(self) -> dict[str, set[Guard]]:
        """By alias. What holds for one side of an equality holds for the other."""
        found: set[tuple[str, Guard]] = set()
        equal: list[tuple[_Named, _Named]] = []
        own: set[tuple[str, Guard]] = set()
        for condition, only in self._conditions():
            if pair := _equality(condition):
                equal.append(pair)
            elif (told := _guard(condition)) and only in (None, told[0]):
                (own if only else found).add(told)
        _spread(found, equal)
        by_alias: dict[str, set[Guard]] = {}
        for alias, guard in found | own:
            if guard.column in self.known.logged.get(self.sources.get(alias, ""), ()):
                by_alias.setdefault(alias, set()).add(guard)
        return by_alias

    def _conditions(self) -> Iterator[tuple[exp.Expr, str | None]]:
        """Each condition that must hold; with an outer join's alias, as it binds that table alone."""
        if where := self.tree.args.get("where"):
            yield from ((one, None) for one in _conjuncts(where.this))
        for join in self.tree.args.get("joins") or ():
            outer = join.this.alias_or_name if join.side else None
            if join.args.get("on"):
                yield from ((one, outer) for one in _conjuncts(join.args["on"]))

    def _rank(self, table: str) -> Callable[[Guard], tuple[int, str, str]]:
        key = self.known.keys.get(table)

        def rank(guard: Guard) -> tuple[int, str, str]:
            coarse = guard.column in _COARSE
            return (
                (0 if guard.column == key else 3 if coarse else 1 if guard.kind == EQUAL else 2),
                guard.column,
                repr(guard),
            )

        return rank

    def _is_lookup(self, alias: str) -> bool:
        """Joined by a foreign key that names its primary key, and nothing else is asked of it."""
        if self.grouped:
            return False
        for join in self.tree.args.get("joins") or ():
            if join.this.alias_or_name == alias:
                pair = _equality(join.args["on"].unnest()) if join.args.get("on") else None
                return pair is not None and self._refers(pair, alias) and self._asks_nothing_else(alias, pair)
        return False

    def _refers(self, pair: tuple[_Named, _Named], alias: str) -> bool:
        (own, column), (other, foreign) = pair if pair[0][0] == alias else (pair[1], pair[0])
        table = self.sources[alias]
        reference = Reference(self.sources.get(other, ""), foreign, table)
        return own == alias and column == self.known.keys.get(table) and reference in self.known.references

    def _asks_nothing_else(self, alias: str, pair: tuple[_Named, _Named]) -> bool:
        """Its other columns may only lead on to further tables, as foreign keys of its own."""
        leading = set(pair)
        for condition, _ in self._conditions():
            further = _equality(condition)
            if further and any(self._refers(further, name) for name, _ in further if name in self.sources):
                leading |= {one for one in further if one[0] == alias}
        return {one for one in self._deciding() if one[0] == alias} <= leading


def _spread(guards: set[tuple[str, Guard]], equal: list[tuple[_Named, _Named]]) -> None:
    both = [*equal, *((other, one) for one, other in equal)]
    while True:
        more = {
            (there[0], Guard(there[1], guard.kind, guard.operands))
            for here, there in both
            for alias, guard in guards
            if (alias, guard.column) == here
        }
        if more <= guards:
            return
        guards |= more


def _obscure(tree: exp.Expr) -> bool:
    """Every column at once, or an answer for each row that depends on the others."""
    stars = (star for star in tree.find_all(exp.Star) if not isinstance(star.parent, exp.Count))
    return any(stars) or tree.find(exp.Window) is not None


def _sources(tree: exp.Expr) -> dict[str, str]:
    """Top-level tables by alias."""
    if not isinstance(tree, exp.Select):
        return {}
    start = tree.args.get("from_") or tree.args.get("from")
    named = [start.this] if start else []
    named += [join.this for join in tree.args.get("joins") or ()]
    return {one.alias_or_name: one.name for one in named if isinstance(one, exp.Table)}


def _conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    condition = condition.unnest()
    if isinstance(condition, exp.And):
        yield from _conjuncts(condition.left)
        yield from _conjuncts(condition.right)
    else:
        yield condition


def _equality(condition: exp.Expr) -> tuple[_Named, _Named] | None:
    if isinstance(condition, exp.EQ):
        left, right = condition.left.unnest(), condition.right.unnest()
        if isinstance(left, exp.Column) and isinstance(right, exp.Column):
            return _named(left), _named(right)
    return None


def _guard(condition: exp.Expr) -> tuple[str, Guard] | None:
    """(alias, guard) of a condition that says which values a column must have."""
    if isinstance(condition, exp.EQ):
        return _made(condition.left, EQUAL, [condition.right]) or _made(
            condition.right, EQUAL, [condition.left]
        )
    if isinstance(condition, exp.In) and condition.expressions:
        return _made(condition.this, EQUAL, condition.expressions)
    if isinstance(condition, exp.Between):
        return _made(condition.this, BETWEEN, [condition.args["low"], condition.args["high"]])
    if isinstance(condition, exp.Escape):
        condition = condition.this
    if isinstance(condition, exp.Like):
        return _made(condition.this, BEGINS, [condition.expression])
    return None


def _made(column: exp.Expr, kind: str, operands: list[exp.Expr]) -> tuple[str, Guard] | None:
    column = column.unnest()
    while isinstance(column, exp.Cast):
        column = column.this.unnest()
    read = [_operand(one) for one in operands]
    if not isinstance(column, exp.Column) or None in read or (kind != EQUAL and column.name != PATH):
        return None
    return column.table, Guard(column.name, kind, tuple(read))


def _operand(value: exp.Expr) -> int | tuple[str] | None:
    value = value.unnest()
    if isinstance(value, exp.Placeholder) and str(value.this or "").startswith("p"):
        return int(value.this[1:])
    if isinstance(value, exp.Literal):
        return (str(value.this),)
    return None


def _named(column: exp.Column) -> _Named:
    return column.table, column.name
