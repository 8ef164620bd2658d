"""Earlier snapshots without what was taken down: no rollback and no fallback can bring it back.

A snapshot never changes, so each one that holds a path of a takedown is replaced by another that doesn't.
Called by who signs: `portico takedown` and the freezer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portico.kit import canonical, lock
from portico.kit.errors import PorticoError
from portico.model import Digest, Entry
from portico.store import manifest, read, signing
from portico.store.layout import Store


def live_paths(store: Store, live: Digest, paths: Collection[str], key: Ed25519PrivateKey) -> list[str]:
    """Those of `paths` that visitors get now."""
    reader = read.Reader(store, key.public_key())
    return [path for path in paths if reader.lookup(live, path)]


def holding(store: Store, paths: Collection[str], key: Ed25519PublicKey) -> list[Digest]:
    """The snapshots that answer one of `paths`, the newest first."""
    return [snapshot for snapshot in store.list_snapshots() if _root_with(store, snapshot, paths, key)]


def replacements(
    store: Store, paths: Collection[str], key: Ed25519PrivateKey, *, live: Digest | None, keep: int
) -> Mapping[Digest, Digest | None]:
    """What becomes of each snapshot in `store` that answers one of `paths`.

    The newest `keep` are made anew without them, so that one can go back there; older ones only go, which is
    None. The live one stays as it is: it must not hold them. Raises PorticoError where it does.
    """
    if live and (held := live_paths(store, live, paths, key)):
        what = f"visitors get {held[0]} now"
        raise PorticoError(what, where=held[0], hint="publish the site without it first")
    with lock.held(store.lock, wait=True):
        found: dict[Digest, Digest | None] = {}
        for place, snapshot in enumerate(store.list_snapshots()):
            if snapshot != live and (root := _root_with(store, snapshot, paths, key.public_key())):
                found[snapshot] = _without(store, root, paths, key, snapshot) if place < keep else None
        return found


def _root_with(
    store: Store, snapshot: Digest, paths: Collection[str], key: Ed25519PublicKey
) -> manifest.Root | None:
    """The snapshot's root if it answers any of `paths`."""
    root = read.read_root(store, snapshot, key)
    return root if any(path in _shard(store, root.shard_of(path)) for path in paths) else None


def _without(
    store: Store, root: manifest.Root, paths: Collection[str], key: Ed25519PrivateKey, instead_of: Digest
) -> Digest:
    """Write it, as old as the one that it replaces: assets are sought from the newest back.

    One that is there already, which may be the live one, is as new as it was.
    """
    shards = list(root.shards)
    count, size = root.paths, root.size
    for number, gone in _by_shard(root, paths):
        entries = _shard(store, shards[number])
        removed = [entries.pop(path) for path in gone if path in entries]
        count, size = count - len(removed), size - sum(entry.size for entry in removed)
        shards[number] = store.put(manifest.encode_shard(entries.items())).digest
    not_found = tuple(path for path in root.not_found if path not in paths)
    made = manifest.encode_root(
        replace(root, shards=tuple(shards), paths=count, size=size, not_found=not_found)
    )
    snapshot = canonical.digest(made)
    if not store.manifest(snapshot).exists():
        store.put_snapshot(made, signing.sign(key, made))
        store.touch(snapshot, at=store.arrived(instead_of))
    return snapshot


def _by_shard(root: manifest.Root, paths: Collection[str]) -> Iterator[tuple[int, list[str]]]:
    bits = manifest.bits_of(len(root.shards))
    found: dict[int, list[str]] = {}
    for path in paths:
        found.setdefault(manifest.shard_index(path, bits), []).append(path)
    yield from sorted(found.items())


def _shard(store: Store, digest: Digest) -> dict[str, Entry]:
    return manifest.decode_shard(read.body(store, digest))
