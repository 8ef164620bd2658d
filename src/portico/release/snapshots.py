"""The snapshots that the stack's stores hold: which there are, where a rollback goes to, what differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from portico.config.home import Home
from portico.ledger.ledger import Ledger
from portico.model import MIRROR, Digest
from portico.release import procedure
from portico.snapshot import diff
from portico.store import read, signing
from portico.store.layout import Store

ORIGIN = "origin"


def stores(home: Home, clusters: Sequence[str]) -> dict[str, Store]:
    """Every store of the stack: the origin, each cluster's and the mirror's."""
    places = {name: home.store(name) for name in (*clusters, MIRROR)}
    return {name: Store(root) for name, root in {ORIGIN: home.origin, **places}.items()}


def held(found: Mapping[str, Store]) -> list[Digest]:
    """The snapshots of all stores, the origin's newest first."""
    every = (digest for store in found.values() for digest in store.list_snapshots())
    return list(dict.fromkeys(every))


def everywhere(found: Mapping[str, Store]) -> list[Digest]:
    """Those that every store holds: one flip makes them live."""
    holders = [frozenset(store.list_snapshots()) for store in found.values()]
    return [digest for digest in held(found) if all(digest in known for known in holders)]


def last_good(ledger: Ledger, found: Mapping[str, Store]) -> Digest | None:
    """Where a rollback that names no snapshot goes to."""
    lives = [event.subject for event in ledger.events(kind="released")]
    return procedure.last_good(lives, ledger.wanted().get("snapshot"), everywhere(found))


def compare(home: Home, found: Mapping[str, Store], before: Digest, after: Digest) -> diff.Diff:
    """What changed, read from the first store that holds both. Raises UnknownSnapshotError."""
    key = signing.load_public(home.public_key)
    both = (one for one in found.values() if one.manifest(before).exists() and one.manifest(after).exists())
    return diff.diff(read.Reader(next(both, Store(home.origin)), key), before, after)
