"""Copying a snapshot from one store to another, body by body, verified on both sides."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portico.kit import files, lock
from portico.model import ENCODINGS, Digest
from portico.store import manifest, read
from portico.store.layout import CHUNK, Store, Stored


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did: bodies that were missing, and their raw bytes."""

    bodies: int
    size: int


def snapshot(
    source: Store,
    target: Store,
    snapshot_id: Digest,
    key: Ed25519PublicKey,
    *,
    base: Digest | None = None,
    progress: Callable[[int], None] = lambda _bodies: None,
) -> Copied:
    """Bring a snapshot to `target`, whole or not at all.

    Shards that `base`, a snapshot already whole in `target`, names too are not looked at again, so the cost
    grows with the change. Raises IntegrityError when the source's copy is not what it should be.
    """
    with lock.held(target.lock, wait=True):
        return _snapshot(source, target, snapshot_id, key, base, progress)


def _snapshot(
    source: Store,
    target: Store,
    snapshot_id: Digest,
    key: Ed25519PublicKey,
    base: Digest | None,
    progress: Callable[[int], None],
) -> Copied:
    root = read.read_root(source, snapshot_id, key)
    known = _shards(target, base, key)
    bodies = size = 0
    for shard in root.shards:
        if shard in known:
            continue
        for stored in _named_by(source, shard):
            if not target.has(stored):
                one(source, target, stored)
                bodies += 1
                size += stored.size
                progress(bodies)
    target.put_snapshot(source.manifest(snapshot_id).read_bytes(), source.signature(snapshot_id).read_bytes())
    return Copied(bodies, size)


def one(source: Store, target: Store, stored: Stored) -> None:
    """Copy a body and its encodings, the raw body last: its being there means that all is there."""
    target.body(stored.digest).parent.mkdir(parents=True, exist_ok=True)  # a hand may have taken it away
    for encoding in (*ENCODINGS, ""):
        origin = source.body(stored.digest, encoding)
        if encoding and not origin.exists():
            continue
        destination = target.body(stored.digest, encoding)
        try:
            _copy(origin, destination, encoding, stored)
        except read.CorruptError:
            # The source's fault, if it is one, is told in the target's stead.
            read.verify_file(source, stored.digest, encoding, stored.size)
            raise


def _copy(origin: Path, destination: Path, encoding: str, stored: Stored) -> None:
    """What was written is read back and verified before it gets its name. It keeps the origin's time."""
    try:
        incoming = origin.open("rb")
    except OSError as error:
        raise read.CorruptError(stored.digest, origin, f"can't be read: {error.strerror}") from error
    with incoming, files.replacing(destination, mode=0o444, durable=False) as file:
        shutil.copyfileobj(incoming, file, CHUNK)
        file.flush()
        file.seek(0)
        read.check_decoded(file, stored.digest, encoding, stored.size, destination)
        times = os.fstat(incoming.fileno())
        os.utime(file.fileno(), ns=(times.st_atime_ns, times.st_mtime_ns))


def _named_by(store: Store, shard: Digest) -> Iterator[Stored]:
    data = read.body(store, shard)
    for entry in manifest.decode_shard(data).values():
        if entry.digest:
            yield Stored(entry.digest, entry.size)
    yield Stored(shard, len(data))


def _shards(store: Store, base: Digest | None, key: Ed25519PublicKey) -> frozenset[Digest]:
    if base is None or not store.manifest(base).exists():
        return frozenset()
    return frozenset(read.read_root(store, base, key).shards)
