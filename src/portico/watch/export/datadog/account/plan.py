"""From what is wanted, what is there and what the ledger says that we made: what is to be done. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portico.watch.export.datadog.account import compare
from portico.watch.export.datadog.account.compare import Change
from portico.watch.export.datadog.account.thing import ORDER, Found, Thing, resolved
from portico.watch.export.datadog.book import Made

CREATE, UPDATE, SAME, DELETE, FORGET, LEAVE = "create", "update", "unchanged", "delete", "forget", "leave"


@dataclass(frozen=True, slots=True)
class Step:
    """`what` is to be done with the object `slug`. `id` is empty before it is there.

    `adopted`: it is ours, and the ledger doesn't know its id yet. `why` says why one is left alone.
    """

    what: str
    kind: str
    slug: str
    id: str = ""
    thing: Thing | None = None
    changes: tuple[Change, ...] = ()
    adopted: bool = False
    why: str = ""


def plan(
    wanted: Sequence[Thing], found: Sequence[Found], made: Mapping[str, Made], *, adopt: bool = False
) -> list[Step]:
    """In the order in which it can be done. `adopt` takes over what bears our marks, and no ledger knows.

    Something is changed or deleted only where marks and ledger both say that it is ours.
    """
    names = {thing.slug for thing in wanted}
    there = {(one.kind, one.id) for one in found}
    ids = {slug: one.id for slug, one in made.items() if (one.kind, one.id) in there}
    steps = []
    for thing in sorted(wanted, key=lambda thing: ORDER.index(thing.kind)):
        step = _wanted(thing, found, made.get(thing.slug), ids, adopt=adopt)
        ids = {**ids, step.slug: step.id} if step.adopted else ids
        steps.append(step)
    gone = [_unwanted(slug, one, found) for slug, one in made.items() if slug not in names]
    gone.sort(key=lambda step: -ORDER.index(step.kind))
    return [*steps, *gone, *_copies(found, [*steps, *gone])]


def is_done(steps: Sequence[Step]) -> bool:
    """Whether nothing is to be done: what is left alone is none of it."""
    return all(step.what in {SAME, LEAVE} and not step.adopted for step in steps)


def _wanted(
    thing: Thing, found: Sequence[Found], made: Made | None, ids: Mapping[str, str], *, adopt: bool
) -> Step:
    same = list(_claiming(thing.kind, thing.slug, found))
    known = next((one for one in same if made and made.id and one.id == made.id), None)
    if known:
        return _compared(thing, known, ids)
    if made and made.id and not same:
        return Step(CREATE, thing.kind, thing.slug, thing=thing)
    if not same:
        return Step(CREATE, thing.kind, thing.slug, thing=thing)
    return _unknown(thing, same, ids, begun=adopt or bool(made and not made.id))


def _unknown(thing: Thing, same: Sequence[Found], ids: Mapping[str, str], *, begun: bool) -> Step:
    """It bears our marks. It is ours where we had begun to make it, and it is the only one."""
    if begun and len(same) == 1:
        return _compared(thing, same[0], ids, adopted=True)
    why = (
        f"{len(same)} objects bear its marks"
        if len(same) > 1
        else "it bears our marks, and the ledger doesn't know it"
    )
    return Step(LEAVE, thing.kind, thing.slug, same[0].id, why=why)


def _compared(thing: Thing, one: Found, ids: Mapping[str, str], *, adopted: bool = False) -> Step:
    changed = tuple(compare.changes(resolved(thing.body, ids), one.body))
    what = UPDATE if changed else SAME
    return Step(what, thing.kind, thing.slug, one.id, thing, changed, adopted)


def _unwanted(slug: str, made: Made, found: Sequence[Found]) -> Step:
    same = list(_claiming(made.kind, slug, found))
    if any(one.id == made.id for one in same):
        return Step(DELETE, made.kind, slug, made.id)
    if not made.id and len(same) == 1:
        return Step(DELETE, made.kind, slug, same[0].id, adopted=True)
    return Step(FORGET, made.kind, slug, made.id, why="it is there no longer, or not as ours")


def _copies(found: Sequence[Found], steps: Sequence[Step]) -> Iterator[Step]:
    """Who copies an object at Datadog copies its tags."""
    known = {(step.kind, step.id) for step in steps}
    for one in found:
        if (one.kind, one.id) not in known:
            yield Step(LEAVE, one.kind, one.slug, one.id, why="a copy, which isn't ours")


def _claiming(kind: str, slug: str, found: Sequence[Found]) -> Iterator[Found]:
    return (one for one in found if (one.kind, one.slug) == (kind, slug))
