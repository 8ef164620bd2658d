"""What a visitor should get, from the live manifest: the one truth that every look is held against."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from portico.kit import canonical
from portico.kit.errors import PorticoError
from portico.model import MIRROR, Digest, Entry, Header
from portico.replica import answers, resolve, serve
from portico.replica.rules import Moved, Rules
from portico.store import manifest, read
from portico.store.layout import Store
from portico.watch.probes import sketch
from portico.watch.probes.sketch import Sketch
from portico.watch.watched import Watched

_NOT_SENT = serve.COMPUTED | {"cache-control"}
"""Headers that replica and edge make, or make anew, themselves."""
_PATHS = 2048
_OTHERS = 20
"""So many other snapshots a wrong body is held against, the newest first."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Expected:
    """A path's answer: a body by the `digest` and `size` of its raw bytes, or a redirect to `location`."""

    path: str
    status: int
    digest: Digest = ""
    size: int = 0
    location: str = ""
    headers: tuple[Header, ...] = ()


@dataclass(frozen=True, slots=True)
class Live:
    """What is wanted to be live, `since` then (seconds since the epoch)."""

    snapshot: Digest
    since: float


class Expectations:
    """Reads snapshots from the origin, or from any other store that holds them; usable from all threads."""

    def __init__(self, watched: Watched) -> None:
        self._ledger = watched.ledger
        places = [watched.home.origin, *(watched.home.store(name) for name in (*watched.clusters, MIRROR))]
        self._readers = [read.Reader(Store(place), watched.key, paths=_PATHS) for place in places]
        self._lock = threading.Lock()
        self._sketches = lru_cache(maxsize=256)(self._sketch)

    def live(self) -> Live | None:
        rows = self._ledger.ask("SELECT json_extract(value, '$'), at FROM wanted WHERE key = 'snapshot'")
        return Live(*rows[0]) if rows and rows[0][0] else None

    def expect(self, snapshot: Digest, path: str) -> Expected:
        """Raises PorticoError when no store can tell."""
        return self._ask(lambda reader: _expected(_Site(reader, snapshot), path))

    def root(self, snapshot: Digest) -> manifest.Root:
        return self._ask(lambda reader: reader.root(snapshot))

    def shard(self, digest: Digest) -> dict[str, Entry]:
        return self._ask(lambda reader: reader.shard(digest))

    def others(self, path: str, but: Digest) -> Iterator[tuple[Digest, Digest]]:
        """What other snapshots answer to the path: the body's digest and the snapshot, the newest first."""
        known = self._readers[0].store.list_snapshots()
        for snapshot in [one for one in known if one != but][:_OTHERS]:
            try:
                yield self.expect(snapshot, path).digest, snapshot
            except PorticoError:
                continue

    def neighbours(self, snapshot: Digest) -> list[Digest]:
        """The snapshots that came or were flipped to last, which a flip that is under way is about."""
        return [found for found in self._readers[0].store.list_snapshots() if found != snapshot][:2]

    def changed(self, before: Digest, after: Digest) -> Iterator[str]:
        """One path that the two snapshots answer differently, if there is any."""
        try:
            known = set(self.root(before).shards)
            for shard in self.root(after).shards:
                if shard in known:
                    continue
                for path in self.shard(shard):
                    if self.expect(before, path) != self.expect(after, path):
                        yield path
                        return
        except PorticoError:
            return

    def sketch(self, digest: Digest) -> Sketch:
        """Of a body; empty where no store has it. Kept for the bodies asked for last."""
        try:
            return self._sketches(digest)
        except PorticoError:
            return Sketch()

    def _sketch(self, digest: Digest) -> Sketch:
        return self._ask(lambda reader: sketch.of(read.body(reader.store, digest)))

    def _ask(self, question: Callable[[read.Reader], T]) -> T:
        """The first store's answer. Raises the last one's PorticoError when none has any."""
        with self._lock:
            for reader in self._readers[:-1]:
                try:
                    return question(reader)
                except PorticoError:
                    continue
            return question(self._readers[-1])


class _Site:
    """A snapshot as the replica's rules ask for it, without the assets that only older ones had."""

    def __init__(self, reader: read.Reader, snapshot: Digest) -> None:
        self._reader = reader
        self._snapshot = snapshot
        root = reader.root(snapshot)
        self.not_found = root.not_found
        self.rules = Rules(root.redirects)

    def lookup(self, path: str) -> Entry | None:
        return self._reader.lookup(self._snapshot, path)

    def older(self, _path: str) -> Entry | None:
        return None


def _expected(site: _Site, path: str) -> Expected:
    found = resolve.resolve(site, path, "")
    if found is None:
        said = answers.refusal(404)
        return Expected(path, 404, canonical.digest(said.data), len(said.data))
    if isinstance(found, Moved):
        return Expected(path, found.status, location=found.location)
    entry = found.entry
    headers = tuple(header for header in entry.headers if header[0] not in _NOT_SENT)
    return Expected(path, found.status, entry.digest, entry.size, headers=headers)
