"""A whole snapshot held against its hashes: what `portico verify` and the release's gate ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portico.model import ENCODINGS, Digest
from portico.store import manifest, read
from portico.store.layout import Store


@dataclass(frozen=True, slots=True)
class Report:
    """`checked` counts files (bodies, encodings, shards); `bad` holds a sentence for each refused one."""

    checked: int
    bad: tuple[read.CorruptError, ...]


def snapshot(
    store: Store,
    snapshot_id: Digest,
    key: Ed25519PublicKey,
    *,
    base: Digest | None = None,
    progress: Callable[[int], None] = lambda _checked: None,
) -> Report:
    """Check every file that a snapshot needs, leaving out the shards that `base` names too.

    Raises UnknownSnapshotError or IntegrityError when the root itself is missing or not ours.
    """
    root = read.read_root(store, snapshot_id, key)
    known = frozenset(read.read_root(store, base, key).shards) if base else frozenset[Digest]()
    checked, bad, seen = 0, list[read.CorruptError](), set[Digest]()
    for digest in root.shards:
        if digest in known:
            continue
        try:
            shard = manifest.decode_shard(read.body(store, digest))
        except read.CorruptError as error:
            bad.append(error)
            continue
        for entry in shard.values():
            if entry.digest and entry.digest not in seen:
                seen.add(entry.digest)
                checked += _check(store, entry.digest, entry.size, bad)
        checked += 1
        progress(checked)
    return Report(checked, tuple(bad))


def _check(store: Store, digest: Digest, size: int, bad: list[read.CorruptError]) -> int:
    encodings = ["", *(name for name in ENCODINGS if store.body(digest, name).exists())]
    for encoding in encodings:
        try:
            read.verify_file(store, digest, encoding, size)
        except read.CorruptError as error:
            bad.append(error)
    return len(encodings)
