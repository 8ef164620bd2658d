"""Garbage collection: which snapshots stay, and the sweeping of what no kept one names."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portico.kit import lock
from portico.kit.errors import PorticoError
from portico.model import Digest
from portico.store import manifest, read
from portico.store.layout import Store

LEFTOVER_S = 3600
"""How old a writer's temporary file must be to count as left behind by a crash, in seconds."""

_DAY_S = 86400


@dataclass(frozen=True, slots=True)
class Held:
    """A snapshot in a store; `arrived` in seconds since the epoch."""

    id: Digest
    arrived: float


@dataclass(frozen=True, slots=True)
class Rule:
    """What stays: the last `keep`, those younger than `keep_days`, the live one and what people pinned."""

    keep: int
    keep_days: float
    live: Digest | None = None
    pinned: frozenset[Digest] = frozenset()


@dataclass(frozen=True, slots=True)
class Freed:
    """What a collection removed, or in a dry run would: snapshots, files of bodies and encodings, bytes."""

    snapshots: tuple[Digest, ...]
    files: int
    size: int


def plan(held: Collection[Held], rule: Rule, now: float) -> frozenset[Digest]:
    """The snapshots that stay. Pure."""
    newest_first = sorted(held, key=lambda one: (one.arrived, one.id), reverse=True)
    last = {one.id for one in newest_first[: rule.keep]}
    young = {one.id for one in held if now - one.arrived < rule.keep_days * _DAY_S}
    named = {one.id for one in held if one.id == rule.live or one.id in rule.pinned}
    return frozenset(last | young | named)


def held_by(store: Store) -> list[Held]:
    return [Held(snapshot, store.arrived(snapshot)) for snapshot in store.list_snapshots()]


def collect(store: Store, keep: Collection[Digest], key: Ed25519PublicKey, *, dry_run: bool = False) -> Freed:
    """Remove all snapshots but `keep` and those that come meanwhile, and every body that none of them names.

    Everything is marked before anything is removed, so a kept snapshot that can't be read stops it with an
    IntegrityError. A snapshot goes before its bodies: whatever is named stays whole. Bodies are swept folder
    by folder, so that a publish waits for one folder at most. While another collection is at work it raises
    a temporary PorticoError.
    """
    with lock.held(store.collecting) as alone:
        if not alone:
            what = "another collection is at work in the store"
            raise PorticoError(what, where=str(store.root), hint="try again", temporary=True)
        return _collect(store, keep, key, dry_run=dry_run)


def _collect(store: Store, keep: Collection[Digest], key: Ed25519PublicKey, *, dry_run: bool) -> Freed:
    there = store.list_snapshots()
    gone = tuple(snapshot for snapshot in there if snapshot not in keep)
    marks = Marks(store, key, set(gone))
    marks.add_arrived()
    if not dry_run:
        with lock.held(store.lock, wait=True):
            for snapshot in gone:
                store.remove_snapshot(snapshot)
        marks.seen.difference_update(gone)  # one that is frozen again meanwhile has arrived
    files = size = 0
    for folder in store.folders():
        with lock.held(store.lock, wait=True):
            marks.add_arrived()
            for path in _unmarked(folder, marks, time.time()):
                # A repair, which takes no lock, may rename its temporary file at this moment.
                with contextlib.suppress(FileNotFoundError):
                    size += path.stat().st_size if dry_run else store.remove((path,))
                    files += 1
    return Freed(gone, files, size)


@dataclass(slots=True)
class Marks:
    """Digests of all bodies and shards that snapshots name, but for those in `seen` from the beginning.

    As bytes, for there may be many.
    """

    store: Store
    key: Ed25519PublicKey
    seen: set[Digest]
    _shards: set[Digest] = field(default_factory=set)
    _marked: set[bytes] = field(default_factory=set)

    def add_arrived(self) -> None:
        """Mark what the snapshots name that came since; held against the lock of writers, none is missed."""
        for snapshot in set(self.store.list_snapshots()) - self.seen:
            for shard in read.read_root(self.store, snapshot, self.key).shards:
                self._add(shard)
            self.seen.add(snapshot)

    def _add(self, shard: Digest) -> None:
        if shard in self._shards:
            return
        for entry in manifest.decode_shard(read.body(self.store, shard)).values():
            if entry.digest:
                self._marked.add(bytes.fromhex(entry.digest))
        self._marked.add(bytes.fromhex(shard))
        self._shards.add(shard)

    def __contains__(self, digest: Digest) -> bool:
        return bytes.fromhex(digest) in self._marked


def _unmarked(folder: Path, marks: Marks, now: float) -> Iterator[Path]:
    for path in [Path(file.path) for file in os.scandir(folder) if file.is_file()]:
        digest = path.name.partition(".")[0]
        if not digest:
            with contextlib.suppress(FileNotFoundError):
                if now - path.stat().st_mtime > LEFTOVER_S:
                    yield path
        elif digest not in marks:
            yield path
