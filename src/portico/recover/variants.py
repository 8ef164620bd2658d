"""Two snapshots that are the live one and a few pages more, to be published in turn while visitors read.

Nothing links to those pages, so that no visitor but a drill's own sees a difference.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from portico.kit import lock
from portico.kit.errors import UnavailableError
from portico.model import MIRROR, Digest, Entry, Order
from portico.recover.notes import Acting
from portico.recover.plan import Target
from portico.recover.scene import Page, Scene
from portico.store import manifest, read, signing
from portico.store.layout import Store

FOLDER = "/portico-drill"
PAGES = 4
PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Variant:
    """A snapshot in the origin store, and the pages by which it is told from its twin."""

    snapshot: Digest
    pages: tuple[Page, ...]


Pair = tuple[Variant, Variant]


@contextlib.contextmanager
def published(scene: Scene) -> Iterator[Pair]:
    """Make both, publish the first; afterwards what was live before is live again, and both are gone."""
    pair = (_make(scene, "one"), _make(scene, "other"))
    ours = {variant.snapshot for variant in pair}
    try:
        _publish(scene, pair[0].snapshot)
        yield pair
    finally:
        if scene.ledger.wanted().get("snapshot") in ours:
            _publish(scene, scene.snapshot)
        for store in (scene.home.origin, *(scene.home.store(name) for name in (*scene.clusters, MIRROR))):
            for snapshot in ours:
                Store(store).remove_snapshot(snapshot)


def targets(pair: Pair) -> tuple[Target, ...]:
    """Their own pages: a visitor may see them as in the one or as in the other, and in no third way."""
    both = zip(pair[0].pages, pair[1].pages, strict=True)
    return tuple(Target(one.path, (one.digest, other.digest), weight=5) for one, other in both)


def settled(scene: Scene, number: int) -> Acting:
    """Yield until the order is done or failed."""
    while scene.ledger.get_order(number).state not in {"done", "failed"}:
        yield


def _publish(scene: Scene, snapshot: Digest) -> Order:
    """Publish and wait. Raises UnavailableError when it doesn't come to a good end."""
    number, deadline = scene.order("publish", snapshot=snapshot), time.monotonic() + PATIENCE_S
    for _ in settled(scene, number):
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    order = scene.ledger.get_order(number)
    if order.state != "done":
        why = order.result.get("why") or f"it is {order.state} after {PATIENCE_S:.0f} s"
        raise UnavailableError(f"publishing {snapshot[:12]} for a drill didn't end well: {why}")
    return order


def _make(scene: Scene, word: str) -> Variant:
    """Written into the origin store and signed, as the freezer does it."""
    origin = Store(scene.home.origin)
    reader = read.Reader(origin, signing.load_public(scene.home.public_key))
    root = reader.root(scene.snapshot)
    shards, added = list(root.shards), {}
    with lock.held(origin.lock, wait=True):
        for path, entry in _entries(scene, origin, reader, word):
            index = manifest.shard_index(path, manifest.bits_of(len(shards)))
            entries = {**reader.shard(shards[index]), path: entry}
            shards[index] = origin.put(manifest.encode_shard(entries.items())).digest
            added[path] = entry
        size = root.size + sum(entry.size for entry in added.values())
        data = manifest.encode_root(
            replace(root, shards=tuple(shards), paths=root.paths + len(added), size=size)
        )
        signature = signing.sign(signing.load_private(scene.home.signing_key), data)
        snapshot = origin.put_snapshot(data, signature)
    return Variant(snapshot, tuple(Page(path, entry.digest) for path, entry in added.items()))


def _entries(scene: Scene, origin: Store, reader: read.Reader, word: str) -> Iterator[tuple[str, Entry]]:
    """Small pages with the home page's headers."""
    like = reader.lookup(scene.snapshot, scene.pages[0].path)
    headers = like.headers if like else ()
    for number in range(PAGES):
        stored = origin.put(f"<!doctype html><title>Drill</title><p>{word} {number}".encode())
        yield f"{FOLDER}/{number}", Entry(200, headers, stored.digest, stored.size)
