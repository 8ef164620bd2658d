"""Better encodings of what is live, behind the publish: no id depends on them, visitors get fewer bytes."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import brotli
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portico.kit import files
from portico.kit.errors import IntegrityError
from portico.model import Digest
from portico.snapshot import encode
from portico.store import manifest, read
from portico.store.layout import Store

BEST = 11
"""Brotli's highest quality: some 26 ms for a page, where 5 takes 0.6."""

_DIGEST = 64


@dataclass(frozen=True, slots=True)
class Improved:
    """Bodies that were looked at, those that got smaller, and by how many bytes together."""

    looked: int = 0
    bodies: int = 0
    saved: int = 0


class Improver:
    """`stores` are those of clusters and mirror; `done` is a file that remembers which bodies were tried."""

    def __init__(self, origin: Store, stores: Sequence[Store], done: Path, quality: int = BEST) -> None:
        self._origin = origin
        self._stores = (origin, *stores)
        self._done = done
        self._quality = quality
        self._known: set[Digest] | None = None

    def improve(self, snapshot: Digest, key: Ed25519PublicKey, go_on: Callable[[], bool]) -> Improved:
        """Body after body while `go_on()`; what was tried before is not tried again."""
        looked = bodies = saved = 0
        for digest in self._untried(snapshot, key):
            if not go_on():
                break
            fewer = self._improve(digest)
            looked, bodies, saved = looked + 1, bodies + bool(fewer), saved + fewer
            self._remember(digest)
        return Improved(looked, bodies, saved)

    def _untried(self, snapshot: Digest, key: Ed25519PublicKey) -> Iterator[Digest]:
        for shard in read.read_root(self._origin, snapshot, key).shards:
            for entry in manifest.decode_shard(read.body(self._origin, shard)).values():
                if entry.digest and entry.size <= encode.IN_MEMORY and entry.digest not in self._tried():
                    yield entry.digest

    def _improve(self, digest: Digest) -> int:
        """How many bytes fewer its brotli encoding has now, in all stores."""
        file = self._origin.body(digest, "br")
        try:
            before = file.stat().st_size
            raw = read.body(self._origin, digest)
        except (FileNotFoundError, IntegrityError):
            return 0
        packed = brotli.compress(raw, quality=self._quality)
        if len(packed) >= before:
            return 0
        for store in self._stores:
            if store.body(digest).exists():
                store.put_encoding(digest, "br", io.BytesIO(packed))
        return before - len(packed)

    def _tried(self) -> set[Digest]:
        if self._known is None:
            self._known = self._recalled()
        return self._known

    def _recalled(self) -> set[Digest]:
        """What the file says of bodies that are there still; it is written anew without the others."""
        try:
            said = set(self._done.read_text(encoding="ascii").split())
        except FileNotFoundError:
            return set()
        known = {digest for digest in said if len(digest) == _DIGEST and self._origin.body(digest).exists()}
        files.write_whole(self._done, "".join(f"{digest}\n" for digest in sorted(known)).encode())
        return known

    def _remember(self, digest: Digest) -> None:
        """A line that a crash cut short names no body, and costs one more try."""
        self._tried().add(digest)
        with self._done.open("a", encoding="ascii") as file:
            file.write(f"{digest}\n")
