"""Where things lie in a store, and how they get there: bodies by hash, written once, whole or not at all."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from portico.kit import canonical, files
from portico.model import ENCODINGS, Digest

SUFFIX = {"": "", "br": ".br", "zstd": ".zst", "gzip": ".gz"}
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Stored:
    """A body's address and length in bytes."""

    digest: Digest
    size: int


class Store:
    """A folder tree of bodies and snapshots.

        bodies/ab/abcd...        the raw body; .br .zst .gz beside it are its encodings
        snapshots/<id>.json      the signed root manifest; being there means that the snapshot is whole
        snapshots/<id>.sig       its Ed25519 signature
        writer.lock              held by who adds snapshots or removes bodies
        collecting.lock          held by who collects garbage

    Nothing here is verified: see `read` for that. Writers never change a file that is there.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.bodies = root / "bodies"
        self.snapshots = root / "snapshots"
        self.lock = root / "writer.lock"
        self.collecting = root / "collecting.lock"
        self._bodies = str(self.bodies)

    def create(self) -> Store:
        for shard in range(256):
            (self.bodies / f"{shard:02x}").mkdir(parents=True, exist_ok=True)
        self.snapshots.mkdir(exist_ok=True)
        return self

    def body(self, digest: Digest, encoding: str = "") -> Path:
        return Path(self.body_name(digest, encoding))

    def body_name(self, digest: Digest, encoding: str = "") -> str:
        """The same as text, for replicas: making a Path costs more than asking the system about the file."""
        return f"{self._bodies}/{digest[:2]}/{digest}{SUFFIX[encoding]}"

    def manifest(self, snapshot: Digest) -> Path:
        return self.snapshots / f"{snapshot}.json"

    def signature(self, snapshot: Digest) -> Path:
        return self.snapshots / f"{snapshot}.sig"

    def has(self, stored: Stored) -> bool:
        """Whether a body of that length is there; its bytes are verified when it is read."""
        try:
            return self.body(stored.digest).stat().st_size == stored.size
        except OSError:
            return False

    def encoded(self, digest: Digest) -> bool:
        """Whether there is an encoding: the same bytes may have come first as something not compressed."""
        return any(self.body(digest, encoding).exists() for encoding in ENCODINGS)

    def put(self, data: bytes, *, beside: Callable[[Digest], None] | None = None) -> Stored:
        """Keep a body. `beside` writes its encodings, before the body is there."""
        stored = Stored(canonical.digest(data), len(data))
        there = self.has(stored)
        if beside and not (there and self.encoded(stored.digest)):
            beside(stored.digest)
        if not there:
            files.write_whole(self.body(stored.digest), data, mode=0o444, durable=False)
        return stored

    def put_stream(self, source: BinaryIO, *, beside: Callable[[Digest, Path], None] | None = None) -> Stored:
        """Copy `source` in, a chunk at a time, hashing on the way. `beside` makes encodings of the whole."""
        hasher, size = hashlib.sha256(), 0
        incoming = self.bodies / f".incoming.{secrets.token_hex(8)}"
        try:
            with files.replacing(incoming, mode=0o444, durable=False) as file:
                while chunk := source.read(CHUNK):
                    hasher.update(chunk)
                    size += len(chunk)
                    file.write(chunk)
            stored = Stored(hasher.hexdigest(), size)
            there = self.has(stored)
            if beside and not (there and self.encoded(stored.digest)):
                beside(stored.digest, incoming)
            if not there:
                incoming.replace(self.body(stored.digest))
        finally:
            incoming.unlink(missing_ok=True)
        return stored

    def put_encoding(self, digest: Digest, encoding: str, source: BinaryIO) -> None:
        with files.replacing(self.body(digest, encoding), mode=0o444, durable=False) as file:
            shutil.copyfileobj(source, file, CHUNK)

    def signed(self, snapshot: Digest, signature: bytes) -> bool:
        """Whether the snapshot is there with just this signature; a new key signs anew."""
        try:
            return self.manifest(snapshot).exists() and self.signature(snapshot).read_bytes() == signature
        except FileNotFoundError:
            return False

    def put_snapshot(self, manifest: bytes, signature: bytes) -> Digest:
        """Make a snapshot visible, after everything it names is durable."""
        snapshot = canonical.digest(manifest)
        self.sync()
        files.write_whole(self.signature(snapshot), signature)
        files.write_whole(self.manifest(snapshot), manifest)
        return snapshot

    def sync(self) -> None:
        """Flush this store's file system once, instead of once for each body."""
        fd = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            syncfs = getattr(ctypes.CDLL(None), "syncfs", None)
            if syncfs is None or syncfs(fd) != 0:
                os.sync()
        finally:
            os.close(fd)

    def list_snapshots(self) -> list[Digest]:
        """Ids, the one that came to this store last first. `touch` makes one the newest."""
        found = []
        for path in self.snapshots.glob("*.json"):
            with contextlib.suppress(FileNotFoundError):  # removed since it was listed
                found.append((path.stat().st_mtime_ns, path.stem))
        return [snapshot for _, snapshot in sorted(found, reverse=True)]

    def touch(self, snapshot: Digest, *, at: float | None = None) -> None:
        """Make it arrive now, or `at`, seconds since the epoch."""
        os.utime(self.manifest(snapshot), None if at is None else (at, at))

    def arrived(self, snapshot: Digest) -> float:
        """When this store got the snapshot or was last flipped to it, seconds since the epoch."""
        return self.manifest(snapshot).stat().st_mtime

    def remove_snapshot(self, snapshot: Digest) -> None:
        self.manifest(snapshot).unlink(missing_ok=True)
        self.signature(snapshot).unlink(missing_ok=True)

    def folders(self) -> list[Path]:
        """In which bodies lie, and what interrupted writers left."""
        return [self.bodies, *(Path(entry.path) for entry in os.scandir(self.bodies) if entry.is_dir())]

    def files(self) -> Iterator[Path]:
        """Every file of a body or an encoding, and what an interrupted writer left."""
        for folder in self.folders():
            yield from (Path(file.path) for file in os.scandir(folder) if not file.is_dir())

    def remove(self, paths: Iterable[Path]) -> int:
        """Delete files; returns the bytes freed."""
        freed = 0
        for path in paths:
            freed += path.stat().st_size
            path.unlink()
        return freed
