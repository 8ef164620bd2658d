"""The replica's view of its store: verified snapshots, and files verified once for each time they change."""

from __future__ import annotations

import contextlib
import time
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from functools import partial
from typing import Generic, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portico.kit.errors import IntegrityError
from portico.model import Digest, Entry
from portico.replica import identity
from portico.replica.refusals import Refusals
from portico.replica.rules import Rules
from portico.store import manifest, read
from portico.store.layout import Store

LISTED_FOR_S = 1.0

_PATHS = 8192
"""Kept in memory at most, about 3 MiB of them."""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Names = tuple[str, ...]
Seen = tuple[identity.Identity | None, ...]


class Recent(Generic[K, V]):
    """The values used last, so many of them and no more."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        value = self._kept.get(key)
        if value is not None:
            self._kept.move_to_end(key)
        return value

    def put(self, key: K, value: V) -> None:
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)


class Site:
    """One verified snapshot, as `resolve` asks for it."""

    def __init__(self, library: Library, root: manifest.Root, files: Names, seen: Seen) -> None:
        self._library = library
        self.root = root
        self.files = files
        self.seen = seen
        self.not_found = root.not_found
        self.rules = Rules(root.redirects)

    def lookup(self, path: str) -> Entry | None:
        return self._library.entry(self.root, path)

    def older(self, path: str) -> Entry | None:
        return self._library.older(self, path)


class Listing:
    """Which snapshots the store has, without reading its folder for each path that is not found."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._folder = str(store.snapshots)
        self._at = float("-inf")
        self._seen: identity.Identity | None = None
        self._found: list[Digest] = []

    def fresh(self) -> list[Digest]:
        self._at, self._seen = time.monotonic(), identity.of(self._folder)
        try:
            self._found = self._store.list_snapshots()
        except OSError:
            self._found = []
        return self._found

    def recent(self) -> list[Digest]:
        """As it is now, but for an order that changed within the last second."""
        is_recent = time.monotonic() - self._at < LISTED_FOR_S and identity.of(self._folder) == self._seen
        return self._found if is_recent else self.fresh()


class Library:
    """Raises read.UnknownSnapshotError and IntegrityError; what is broken is noted in `refusals`."""

    def __init__(self, store: Store, key: Ed25519PublicKey, *, retain: int) -> None:
        self.store = store
        self.refusals = Refusals()
        self._key = key
        self._retain = retain
        self._reader = read.Reader(store, key, paths=_PATHS)
        self._sites: Recent[Digest, Site] = Recent(retain + 4)
        self._listing = Listing(store)

    @property
    def cached_shards(self) -> int:
        return self._reader.cached_shards

    def snapshots(self) -> list[Digest]:
        """Ids, the newest first; none where the store can't be read."""
        return self._listing.fresh()

    def site(self, snapshot: Digest) -> Site:
        """The snapshot as its root says now: one that was removed, replaced or damaged is noticed at once."""
        known = self._sites.get(snapshot)
        if known and known.seen == tuple(map(identity.of, known.files)):
            return known
        files = (str(self.store.manifest(snapshot)), str(self.store.signature(snapshot)))
        seen = tuple(map(identity.of, files))
        site = Site(self, self._root(snapshot, files[0]), files, seen)
        self._sites.put(snapshot, site)
        return site

    def _root(self, snapshot: Digest, file: str) -> manifest.Root:
        try:
            root = read.read_root(self.store, snapshot, self._key)
        except IntegrityError as error:
            self.refusals.add(file, snapshot, error.what, partial(self._verify_root, snapshot))
            raise
        self.refusals.over(file)
        return root

    def _verify_root(self, snapshot: Digest) -> None:
        """A snapshot that is not there any more is not refused, it is unknown."""
        with contextlib.suppress(read.UnknownSnapshotError):
            read.read_root(self.store, snapshot, self._key)

    def entry(self, root: manifest.Root, path: str) -> Entry | None:
        return self._shard(root.shard_of(path)).get(path) if root.shards else None

    def _shard(self, digest: Digest) -> dict[str, Entry]:
        try:
            shard = self._reader.shard(digest)
        except read.CorruptError as error:
            file = self.store.body_name(digest)
            self.refusals.add(file, digest, error.what, partial(read.body, self.store, digest))
            raise
        if self.refusals:
            self.refusals.over(self.store.body_name(digest))
        return shard

    def older(self, site: Site, path: str) -> Entry | None:
        """What the last snapshots of this store answered, newest first; each shard is looked into once."""
        if not site.root.shards:
            return None
        seen = {site.root.shard_of(path)}
        for snapshot in self._listing.recent()[: self._retain]:
            root = self._older_root(snapshot)
            if root is None or not root.shards or (digest := root.shard_of(path)) in seen:
                continue
            seen.add(digest)
            if entry := self._shard(digest).get(path):
                return entry
        return None

    def _older_root(self, snapshot: Digest) -> manifest.Root | None:
        try:
            return self.site(snapshot).root
        except (read.UnknownSnapshotError, IntegrityError):
            return None

    def holds(self, snapshot: Digest) -> bool:
        """Whether it is here, or was a moment ago; `site` looks closer."""
        return self._sites.get(snapshot) is not None or self.store.manifest(snapshot).exists()


def holding(libraries: Sequence[Library], snapshot: Digest) -> Library:
    """The one that holds the snapshot; the first, which then says that it doesn't, where none does."""
    if len(libraries) == 1:
        return libraries[0]
    return next((one for one in libraries if one.holds(snapshot)), libraries[0])
