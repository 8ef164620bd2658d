"""Answers of queries, each worked out once however many pages ask it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from portico.studio.freezing import visible
from portico.studio.freezing.queries import digests, plans, recording
from portico.studio.freezing.refused import RefusedError


@dataclass(frozen=True, slots=True)
class Answer:
    digest: str
    hits: frozenset[digests.Hit]


@dataclass(slots=True)
class Answers:
    """`plans` by text and `found` by query grow as they are asked for."""

    plans: dict[str, plans.Plan] = field(default_factory=dict)
    found: dict[recording.Query, Answer] = field(default_factory=dict)

    def add(self, queries: Iterable[recording.Query], where: str) -> None:
        for query in queries:
            if query not in self.found:
                self.found[query] = self.ask(query, where)

    def ask(self, query: recording.Query, where: str) -> Answer:
        sql, params = query
        if sql not in self.plans:
            self.plans[sql] = digests.plan(sql)
            check(self.plans[sql], where)
        plan, rows = self.plans[sql], digests.ask(sql, params)
        return Answer(digests.digest(rows, plan), frozenset(digests.hits(rows, params, plan)))


def check(plan: plans.Plan, where: str) -> None:
    """What only editors see doesn't raise the revision: a page that depended on it would grow stale."""
    unheard = [name for name in plan.tables if visible.private(name) and name not in visible.CONSTANT_TABLES]
    if unheard or plan.hidden:
        raise RefusedError(
            f"asks for {', '.join((*unheard, *plan.hidden))}, which only editors see",
            where,
            "a public page must not depend on it, as no freeze would hear of a change (freezing/visible.py)",
        )
