"""A takedown, store by store: each acknowledges that it holds nothing any more of what was taken down."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Mapping
from typing import Any

from portico.keeper import wanted as wants
from portico.keeper.stack import Stack
from portico.keeper.steps import ReloadEdge, Step, TakeDown
from portico.kit.errors import PorticoError
from portico.ledger.ledger import Ledger
from portico.model import MIRROR
from portico.store import copy, read
from portico.store.layout import Store

ORIGIN = "origin"

_turn = threading.Lock()
"""A store that is seen to hold what is just being taken down is not looked after twice at once."""


def carry_out(stack: Stack, ledger: Ledger, step: TakeDown, act: Callable[[Step], None]) -> Mapping[str, Any]:
    """Bring the replacements to every store, then remove what they replace. May be done twice.

    The edge comes last: its cache may hold an earlier snapshot's file under the live one's name.
    """
    places = {name: Store(stack.home.store(name)) for name in (*stack.clusters, MIRROR)}
    origin = Store(stack.home.origin)
    for name, store in {**places, ORIGIN: origin}.items():
        removed = _replace(store, origin, stack, ledger)
        _check_gone(store, step, stack)
        told = {"order": step.order, "paths": list(step.paths), "snapshots": removed}
        ledger.record("takedown.acknowledged", name, **told)
    act(ReloadEdge())
    ledger.record("takedown.acknowledged", "edge", order=step.order, paths=list(step.paths), snapshots=0)
    ledger.record("taken.down", step.paths[0], order=step.order, paths=list(step.paths))
    return {"paths": list(step.paths), "acknowledged": [*places, ORIGIN, "edge"]}


def remove_barred(stack: Stack, ledger: Ledger, place: str) -> None:
    """A store that was away during a takedown came back with what must not be served again."""
    if removed := _replace(Store(stack.home.store(place)), Store(stack.home.origin), stack, ledger):
        ledger.record("takedown.acknowledged", place, snapshots=removed)


def _replace(store: Store, origin: Store, stack: Stack, ledger: Ledger) -> int:
    """Asked anew for each one whether it is barred still: the same bytes may be published again meanwhile."""
    removed = 0
    with _turn:
        for old in store.list_snapshots():
            barred = wants.barred(ledger.wanted())
            if old not in barred:
                continue
            new = barred[old]
            if new and not store.manifest(new).exists():
                copy.snapshot(origin, store, new, stack.key, base=old)
                with contextlib.suppress(FileNotFoundError):  # collected meanwhile
                    store.touch(new, at=store.arrived(old))
            store.remove_snapshot(old)
            removed += 1
    return removed


def _check_gone(store: Store, step: TakeDown, stack: Stack) -> None:
    """Raises PorticoError for a snapshot from before the order that answers what was taken down."""
    reader = read.Reader(store, stack.key)
    for snapshot in store.list_snapshots():
        if store.arrived(snapshot) > step.at:
            continue
        if held := [path for path in step.paths if reader.lookup(snapshot, path)]:
            what = f"snapshot {snapshot[:12]} still answers {held[0]}"
            raise PorticoError(what, where=str(store.root), hint="portico takedown, once more")
