"""Garbage collection: which snapshots stay, and the sweeping of what no kept one names."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
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
    """Remove all snapshots but `keep`, and every body that no kept one names.

    Everything is marked before anything is removed, so a kept snapshot that can't be read stops it with an
    IntegrityError. A snapshot goes before its bodies: whatever is named stays whole. While somebody adds
    to the store it raises a temporary PorticoError.
    """
    with lock.held(store.lock) as free:
        if not free:
            what = "a freeze or a copy is writing to the store"
            raise PorticoError(what, where=str(store.root), hint="try again", temporary=True)
        return _collect(store, keep, key, dry_run=dry_run)


def _collect(store: Store, keep: Collection[Digest], key: Ed25519PublicKey, *, dry_run: bool) -> Freed:
    there = store.list_snapshots()
    gone = tuple(snapshot for snapshot in there if snapshot not in keep)
    marked = _marked(store, [snapshot for snapshot in there if snapshot in keep], key)
    if not dry_run:
        for snapshot in gone:
            store.remove_snapshot(snapshot)
    files = size = 0
    for path in _unmarked(store, marked, time.time()):
        # A repair, which takes no lock, may rename its temporary file at this moment.
        with contextlib.suppress(FileNotFoundError):
            size += path.stat().st_size if dry_run else store.remove((path,))
            files += 1
    return Freed(gone, files, size)


def _marked(store: Store, keep: Collection[Digest], key: Ed25519PublicKey) -> frozenset[bytes]:
    """Digests of all bodies and shards that the kept snapshots name; as bytes, for there may be many."""
    shards = {shard for snapshot in keep for shard in read.read_root(store, snapshot, key).shards}
    marked = {bytes.fromhex(shard) for shard in shards}
    for shard in shards:
        for entry in manifest.decode_shard(read.body(store, shard)).values():
            if entry.digest:
                marked.add(bytes.fromhex(entry.digest))
    return frozenset(marked)


def _unmarked(store: Store, marked: frozenset[bytes], now: float) -> Iterator[Path]:
    for path in store.files():
        digest = path.name.partition(".")[0]
        if not digest:
            with contextlib.suppress(FileNotFoundError):
                if now - path.stat().st_mtime > LEFTOVER_S:
                    yield path
        elif bytes.fromhex(digest) not in marked:
            yield path
