"""Reading a store: nothing leaves here unverified. Replicas, copies and `portico verify` read through it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

import brotli
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portico.kit import canonical
from portico.kit.errors import IntegrityError, PorticoError
from portico.model import Digest, Entry
from portico.store import manifest, signing
from portico.store.layout import CHUNK, Store


class UnknownSnapshotError(PorticoError):
    """This store holds no such snapshot."""


class CorruptError(IntegrityError):
    """A body or an encoding is missing, or not what its hash says; `digest` names the body."""

    def __init__(self, digest: Digest, path: Path, what: str) -> None:
        super().__init__(what, where=str(path), hint="the copy is refused; repair it from another store")
        self.digest = digest


def body(store: Store, digest: Digest) -> bytes:
    """The raw body, verified. Raises CorruptError."""
    path = store.body(digest)
    data = _read(path, digest)
    if canonical.digest(data) != digest:
        raise CorruptError(digest, path, "the body is not what its hash says")
    return data


def encoded(store: Store, digest: Digest, encoding: str, size: int) -> bytes | None:
    """The encoding of a body of `size` bytes, verified by decoding it; None where there is none."""
    path = store.body(digest, encoding)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CorruptError(digest, path, f"can't be read: {error.strerror}") from error
    check_decoded(io.BytesIO(data), digest, encoding, size, path)
    return data


def verify_file(store: Store, digest: Digest, encoding: str, size: int) -> None:
    """Check a body or an encoding of any length, a chunk at a time. Raises CorruptError."""
    path = store.body(digest, encoding)
    try:
        with path.open("rb") as file:
            check_decoded(file, digest, encoding, size, path)
    except OSError as error:
        raise CorruptError(digest, path, f"can't be read: {error.strerror}") from error


def _read(path: Path, digest: Digest) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorruptError(digest, path, f"can't be read: {error.strerror}") from error


def check_decoded(file: BinaryIO, digest: Digest, encoding: str, size: int, path: Path) -> None:
    """Read an open body or encoding to its end; CorruptError, which names `path`, unless it is right."""
    hasher, length = hashlib.sha256(), 0
    try:
        for chunk in _decode(file, encoding):
            hasher.update(chunk)
            length += len(chunk)
            if length > size:
                break
    except (brotli.error, zstandard.ZstdError, zlib.error, OSError, EOFError, ValueError) as error:
        raise CorruptError(digest, path, f"can't be decoded as {encoding or 'raw'}: {error}") from error
    if length != size or hasher.hexdigest() != digest:
        raise CorruptError(digest, path, "the bytes are not what their hash says")


def _decode(file: BinaryIO, encoding: str) -> Iterator[bytes]:
    if encoding == "br":
        yield from _decode_brotli(file)
        return
    stream: IO[bytes] = file
    if encoding == "zstd":
        stream = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
    elif encoding == "gzip":
        stream = cast("IO[bytes]", gzip.GzipFile(fileobj=file))
    while chunk := stream.read(CHUNK):
        yield chunk


def _decode_brotli(file: BinaryIO) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    while chunk := file.read(CHUNK // 16):
        if decoder.is_finished():
            raise ValueError("there is more behind the stream's end")
        decoded = decoder.process(chunk, output_buffer_limit=CHUNK)
        while decoded:
            yield decoded
            decoded = b"" if decoder.is_finished() else decoder.process(b"", output_buffer_limit=CHUNK)
    if not decoder.is_finished():
        raise EOFError("the stream ends too early")


class Reader:
    """Verified look-ups in the snapshots of one store, in bounded memory whatever the size of the site.

    It keeps the shards used last, together at most `paths` paths, and so many `roots`.
    """

    def __init__(self, store: Store, key: Ed25519PublicKey, *, paths: int = 16_384, roots: int = 16) -> None:
        self.store = store
        self._key = key
        self._roots: OrderedDict[Digest, manifest.Root] = OrderedDict()
        self._shards: OrderedDict[Digest, dict[str, Entry]] = OrderedDict()
        self._most_roots = roots
        self._most_paths = paths
        self._kept_paths = 0

    @property
    def cached_shards(self) -> int:
        return len(self._shards)

    def root(self, snapshot: Digest) -> manifest.Root:
        """The root manifest; raises UnknownSnapshotError, or IntegrityError when it is not ours."""
        if known := self._roots.get(snapshot):
            self._roots.move_to_end(snapshot)
            return known
        root = read_root(self.store, snapshot, self._key)
        self._roots[snapshot] = root
        if len(self._roots) > self._most_roots:
            self._roots.popitem(last=False)
        return root

    def lookup(self, snapshot: Digest, path: str) -> Entry | None:
        """What `path` answers in that snapshot, or None. Raises as `root`, and CorruptError for a shard."""
        root = self.root(snapshot)
        return self.shard(root.shard_of(path)).get(path) if root.shards else None

    def shard(self, digest: Digest) -> dict[str, Entry]:
        known = self._shards.get(digest)
        if known is not None:
            self._shards.move_to_end(digest)
            return known
        shard = manifest.decode_shard(body(self.store, digest))
        self._shards[digest] = shard
        self._kept_paths += len(shard)
        while self._kept_paths > self._most_paths and len(self._shards) > 1:
            self._kept_paths -= len(self._shards.popitem(last=False)[1])
        return shard

    def entries(self, snapshot: Digest) -> Iterator[tuple[str, Entry]]:
        """Every path of a snapshot, a shard at a time."""
        for digest in self.root(snapshot).shards:
            yield from manifest.decode_shard(body(self.store, digest)).items()


def read_root(store: Store, snapshot: Digest, key: Ed25519PublicKey) -> manifest.Root:
    path = store.manifest(snapshot)
    try:
        data = path.read_bytes()
        signature = store.signature(snapshot).read_bytes()
    except FileNotFoundError as error:
        raise UnknownSnapshotError(f"no snapshot {snapshot[:12]} here", where=str(store.root)) from error
    except OSError as error:
        raise IntegrityError(f"the manifest can't be read: {error.strerror}", where=str(path)) from error
    if canonical.digest(data) != snapshot:
        raise IntegrityError("the manifest is not what its id says", where=str(path))
    signing.verify(key, data, signature, where=str(path))
    try:
        return manifest.decode_root(data)
    except (ValueError, KeyError, TypeError, json.JSONDecodeError) as error:
        raise IntegrityError(f"the manifest can't be read: {error}", where=str(path)) from error
