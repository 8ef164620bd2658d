"""Carries out a plan, each step noted in the ledger: after a crash, the next run goes on there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from portico.kit.errors import PorticoError
from portico.watch.export.datadog.account import plan
from portico.watch.export.datadog.account.plan import Step
from portico.watch.export.datadog.account.thing import Body, resolved
from portico.watch.export.datadog.book import Book, Made


class Hands(Protocol):
    """What changes the world: `service.Service`."""

    def create(self, kind: str, body: Body, /) -> str: ...

    def update(self, kind: str, id_: str, body: Body, /) -> None: ...

    def delete(self, kind: str, id_: str, /) -> None: ...


def out(steps: Sequence[Step], hands: Hands, book: Book, ids: Mapping[str, str]) -> Iterator[Step]:
    """Each step when it is done, as it was done. `ids` are those that are known, by slug.

    Raises PorticoError at the first that fails; what was done before is noted.
    """
    known = dict(ids)
    for step in steps:
        done = _do(step, hands, book, known)
        if done.id and done.what in {plan.CREATE, plan.UPDATE, plan.SAME}:
            known[done.slug] = done.id
        yield done


def _do(step: Step, hands: Hands, book: Book, known: Mapping[str, str]) -> Step:
    if step.adopted and step.id:
        book.note(step.slug, Made(step.kind, step.id), "adopted")
    match step.what:
        case plan.CREATE | plan.UPDATE:
            return _put(step, hands, book, known)
        case plan.DELETE:
            hands.delete(step.kind, step.id)
            book.forget(step.slug)
        case plan.FORGET:
            book.forget(step.slug)
    return step


def _put(step: Step, hands: Hands, book: Book, known: Mapping[str, str]) -> Step:
    if step.thing is None:
        raise PorticoError(f"nothing is known of {step.slug}")
    body = resolved(step.thing.body, known)
    if "{id:" in json.dumps(body):
        return replace(step, what=plan.LEAVE, why="what it refers to isn't there")
    try:
        if step.what == plan.UPDATE:
            hands.update(step.kind, step.id, body)
            book.note(step.slug, Made(step.kind, step.id), "updated")
            return step
        book.intend(step.slug, step.kind)
        made = Made(step.kind, hands.create(step.kind, body))
    except PorticoError as error:
        error.where = error.where or f"{step.kind} {step.slug}"
        raise
    book.note(step.slug, made, "created")
    return replace(step, id=made.id)
