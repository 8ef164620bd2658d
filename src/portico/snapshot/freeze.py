"""From a source to a signed snapshot in the origin store. Called by `portico publish`, `up` and `watch`."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portico.kit import canonical, lock
from portico.kit.errors import PorticoError, SourceError
from portico.model import Digest
from portico.snapshot import bodies, compose, index, links, pages, redirects, sources
from portico.snapshot.index import Index, Learned
from portico.snapshot.items import Changes, Item
from portico.snapshot.links import Broken
from portico.snapshot.reading import in_threads
from portico.snapshot.sources import Source
from portico.store import manifest, signing
from portico.store.layout import Store, Stored

T = TypeVar("T")

MOST_TOLD = 1000
_BATCH = 256
_TOLD_IN_ERROR = 5

_MARK = "mark"
"""The memory is what the source was when it had this mark; none while it is brought up to date."""


@dataclass(frozen=True, slots=True)
class Options:
    """`strict` refuses broken links; `workers` 0 takes the machine's cores."""

    strict: bool = False
    brotli_quality: int = 5
    workers: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a freeze is: in the phase `look`, `read`, `links` or `write`; `total` 0 is not known."""

    phase: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Frozen:
    """A snapshot that is whole in the store.

    `new` says whether anything was written. `changed` counts items that are new, other or gone; `size` is the
    sum of raw bodies in bytes. `broken` and `warnings` hold at most 1,000 each, `broken_total` counts all.
    """

    id: Digest
    new: bool
    previous: Digest | None
    paths: int
    changed: int
    size: int
    broken: tuple[Broken, ...]
    broken_total: int
    warnings: tuple[str, ...]
    seconds: float


Report = Callable[[Progress], None]


def freeze(
    source: Source,
    store: Store,
    index_path: Path,
    key: Ed25519PrivateKey,
    *,
    options: Options = Options(),
    progress: Report = lambda _progress: None,
) -> Frozen:
    """Freeze the source as it is now. Raises SourceError, and then the store shows nothing new."""
    store.create()
    with lock.held(store.lock, wait=True):
        try:
            return _remembering(source, store, index_path, key, options, progress)
        except sqlite3.DatabaseError as error:
            if not index.is_damage(error):
                raise PorticoError(f"the freezer's index: {error}", where=str(index_path)) from error
        index.forget(index_path)
        return _remembering(source, store, index_path, key, options, progress)


def _remembering(
    source: Source, store: Store, index_path: Path, key: Ed25519PrivateKey, options: Options, progress: Report
) -> Frozen:  # fmt: skip
    with index.opened(index_path) as memory:
        return _Freeze(source, store, memory, options, progress).run(key)


class _Freeze:
    """One run. Index and store are brought up to the source, part by part; the manifest comes last."""

    def __init__(
        self, source: Source, store: Store, memory: Index, options: Options, progress: Report
    ) -> None:
        self._source = source
        self._store = store
        self._memory = memory
        self._options = options
        self._progress = progress
        self._changes = self._told()
        self._rules = source.rules()
        self._bits = 0

    def run(self, key: Ed25519PrivateKey) -> Frozen:
        started, previous = time.monotonic(), self._previous()
        self._look()
        changed = self._read_changed() + self._forget_gone()
        self._memory.remember(
            _MARK, self._source.mark() if isinstance(self._source, sources.Remembering) else ""
        )
        self._use_rules()
        broken_total, broken = self._check_links()
        root = self._write_shards()
        snapshot, new = self._publish(root, key)
        return Frozen(
            id=snapshot,
            new=new,
            previous=previous,
            paths=root.paths,
            changed=changed,
            size=root.size,
            broken=tuple(broken),
            broken_total=broken_total,
            warnings=(*self._rules.redirects.unreached, *self._memory.notes(MOST_TOLD))[:MOST_TOLD],
            seconds=time.monotonic() - started,
        )

    def _previous(self) -> Digest | None:
        last = self._memory.recall("last")
        return last if last and self._store.manifest(last).exists() else None

    def _told(self) -> Changes | None:
        """What the source knows to have changed since the memory was brought up to it."""
        mark = self._memory.recall(_MARK)
        return self._source.changes(mark) if mark and isinstance(self._source, sources.Remembering) else None

    def _look(self) -> None:
        """At what changed, or else at everything; then the memory has no mark until it is up to date."""
        if self._changes is None:
            self._memory.remember(_MARK, "")
        items = self._source.items() if self._changes is None else self._changes.came
        seen = self._memory.see(_counted(items, "look", 0, self._progress))
        if self._changes is None and not seen:
            hint = "the site's generator writes there?"
            raise SourceError("there is nothing to publish in it", where=self._source.label, hint=hint)

    def _forget_gone(self) -> int:
        return self._memory.forget(self._memory.unseen() if self._changes is None else self._changes.gone)

    def _read_changed(self) -> int:
        total, items = self._memory.changed()
        return self._read(_counted(items, "read", total, self._progress))

    def _read(self, items: Iterable[Item]) -> int:
        """Take items into the store and the memory; returns how many answers changed."""
        taker = bodies.Taker(self._store, self._options.brotli_quality)

        def take(item: Item) -> Learned:
            with self._source.open(item) as stream:
                taken = taker.take(stream, item.path, item.name)
            facts, found = (taken.page.facts, taken.page.links) if taken.page else (pages.PLAIN, None)
            return Learned(item, taken.stored.digest, taken.stored.size, facts, found)

        workers = self._options.workers or os.cpu_count() or 1
        return sum(self._memory.learn(batch) for batch in in_threads(take, items, workers, _BATCH))

    def _use_rules(self) -> None:
        exact = self._rules.redirects.exact
        self._bits = manifest.bits_for(self._memory.count() + len(exact))
        rewritten = [path for path, rule in exact.items() if rule.rule.status == redirects.REWRITE]
        self._memory.use(self._rules.id, self._bits, rewritten)

    def _check_links(self) -> tuple[int, list[Broken]]:
        @lru_cache(maxsize=1 << 18)
        def exists(path: str) -> bool:
            return links.answers(path, has_file=self._memory.has, rules=self._rules.redirects)

        done = 0
        while batch := self._memory.unchecked(_BATCH):
            found = [link for page, known in batch for link in links.check(page, known, exists)]
            self._memory.checked([page for page, _ in batch], found)
            done += len(batch)
            self._progress(Progress("links", done, 0))
        total, broken = self._memory.broken(MOST_TOLD)
        ruled = list(links.check_rules(self._rules.redirects, exists))
        if self._options.strict and total + len(ruled):
            raise _broken_error(total + len(ruled), [*ruled, *broken], self._source.label)
        return total + len(ruled), [*ruled, *broken][:MOST_TOLD]

    def _write_shards(self) -> manifest.Root:
        """Bring the store's shards up to the memory. Those that are right already are not touched."""
        root = self._root()
        if root and self._store.manifest(canonical.digest(manifest.encode_root(root))).exists():
            return root
        known = self._memory.shards()
        stale = [number for number in range(1 << self._bits) if not self._holds(known.get(number))]
        self._restore_lost(stale)
        ruled = self._ruled()
        made = (self._make_shard(number, ruled.get(number, [])) for number in stale)
        for batch in _batches(_counted(made, "write", len(stale), self._progress)):
            self._memory.put_shards(batch)
        whole = self._root()
        if whole is None:
            raise PorticoError("the freezer's index lost a shard", hint="try again", temporary=True)
        return whole

    def _root(self) -> manifest.Root | None:
        """The root manifest, or None while a shard is missing."""
        shards = self._memory.shards()
        if len(shards) != 1 << self._bits:
            return None
        rules = self._rules.redirects
        not_found = [path for path in self._memory.not_found() if not compose.is_redirected(path, rules)]
        return manifest.Root(
            shards=tuple(shards[number].digest for number in range(len(shards))),
            paths=sum(shard.paths for shard in shards.values()),
            size=sum(shard.size for shard in shards.values()),
            not_found=tuple(sorted(not_found, key=lambda path: (-path.count("/"), path))),
            redirects=tuple(rule.rule for rule in rules.dynamic),
        )

    def _holds(self, shard: index.Shard | None) -> bool:
        return shard is not None and self._store.body(shard.digest).exists()

    def _restore_lost(self, shards: Iterable[int]) -> None:
        """Read again what the store lost since, for the shards that are written now."""
        for number in shards:
            rows = self._memory.rows(number, self._bits)
            lost = [row.path for row in rows if not self._store.has(Stored(row.digest, row.size))]
            if lost:
                self._read(self._memory.now_at(lost))

    def _ruled(self) -> dict[int, list[str]]:
        """The paths with a rule of their own, by shard."""
        found: dict[int, list[str]] = {}
        for path in self._rules.redirects.exact:
            found.setdefault(manifest.shard_index(path, self._bits), []).append(path)
        return found

    def _make_shard(self, number: int, ruled: list[str]) -> tuple[int, index.Shard, tuple[str, ...]]:
        rows = self._memory.rows(number, self._bits)
        composed = compose.shard(rows, ruled, self._rules, self._memory.row)
        stored = self._store.put(manifest.encode_shard(composed.entries))
        size = sum(entry.size for _, entry in composed.entries)
        return number, index.Shard(stored.digest, len(composed.entries), size), composed.notes

    def _publish(self, root: manifest.Root, key: Ed25519PrivateKey) -> tuple[Digest, bool]:
        data = manifest.encode_root(root)
        snapshot = canonical.digest(data)
        signature = signing.sign(key, data)
        new = not self._store.signed(snapshot, signature)
        if new:
            self._store.put_snapshot(data, signature)
        self._memory.remember("last", snapshot)
        return snapshot, new


def _counted(things: Iterable[T], phase: str, total: int, progress: Report) -> Iterator[T]:
    """The things, their number told now and then and at the end."""
    done = 0
    for done, thing in enumerate(things, 1):
        yield thing
        if done % _BATCH == 0:
            progress(Progress(phase, done, total))
    progress(Progress(phase, done, total or done))


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(things)
    while batch := list(islice(iterator, _BATCH)):
        yield batch


def _broken_error(total: int, broken: list[Broken], label: str) -> SourceError:
    first = "; ".join(f"{link.page} -> {link.target} ({link.why})" for link in broken[:_TOLD_IN_ERROR])
    more = f"; and {total - _TOLD_IN_ERROR:,} more" if total > _TOLD_IN_ERROR else ""
    hint = "mend them, or set strict = false in [source]"
    return SourceError(f"{total:,} broken links: {first}{more}", where=label, hint=hint)
