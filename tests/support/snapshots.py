"""Builds a small signed snapshot through the store's API, for tests that need one to serve or copy."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import brotli
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portico.model import Digest, Entry, Header, RedirectRule
from portico.store import manifest, signing
from portico.store.layout import Store

HTML = "text/html; charset=utf-8"

ENCODERS = {
    "br": lambda data: brotli.compress(data, quality=5),
    "zstd": lambda data: zstandard.ZstdCompressor(level=3).compress(data),
    "gzip": lambda data: gzip.compress(data, 6, mtime=0),
}


@dataclass(frozen=True, slots=True)
class Page:
    """What a path shall answer; `encodings` are made of the body and stored beside it."""

    content_type: str
    body: bytes
    headers: tuple[Header, ...] = ()
    status: int = 200
    encodings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Keys:
    private_file: Path
    public_file: Path

    @property
    def private(self) -> Ed25519PrivateKey:
        return signing.load_private(self.private_file)

    @property
    def public(self) -> Ed25519PublicKey:
        return signing.load_public(self.public_file)


def keys(folder: Path) -> Keys:
    made = Keys(folder / "signing.key", folder / "signing.pub")
    signing.create_keys(made.private_file, made.public_file)
    return made


def redirect(location: str, status: int = 301) -> Entry:
    return Entry(status, (("location", location),), "", 0)


def build(
    store: Store,
    key: Ed25519PrivateKey,
    site: Mapping[str, Page | tuple[str, bytes] | Entry],
    *,
    redirects: Iterable[RedirectRule] = (),
    not_found: tuple[str, ...] = (),
) -> Digest:
    """Put `site` (path -> Page, (content type, body) or a finished Entry) into `store`; returns its id."""
    entries = {path: _entry(store, answer) for path, answer in site.items()}
    return publish(store, key, entries, redirects=redirects, not_found=not_found)


def publish(
    store: Store,
    key: Ed25519PrivateKey,
    entries: Mapping[str, Entry],
    *,
    redirects: Iterable[RedirectRule] = (),
    not_found: tuple[str, ...] = (),
) -> Digest:
    """Write shards and a signed root over entries whose bodies are in the store."""
    bits = manifest.bits_for(len(entries))
    shards: list[list[tuple[str, Entry]]] = [[] for _ in range(1 << bits)]
    for path, entry in entries.items():
        shards[manifest.shard_index(path, bits)].append((path, entry))
    root = manifest.encode_root(
        manifest.Root(
            shards=tuple(store.put(manifest.encode_shard(shard)).digest for shard in shards),
            paths=len(entries),
            size=sum(entry.size for entry in entries.values()),
            not_found=not_found,
            redirects=tuple(redirects),
        )
    )
    return store.put_snapshot(root, signing.sign(key, root))


def flip(path: Path, at: int = -1) -> None:
    """Change one byte of a stored file in place, as a failing disk would."""
    data = bytearray(path.read_bytes())
    data[at if at >= 0 else len(data) // 2] ^= 0x01
    path.chmod(0o644)
    path.write_bytes(data)


def _entry(store: Store, answer: Page | tuple[str, bytes] | Entry) -> Entry:
    if isinstance(answer, Entry):
        return answer
    page = answer if isinstance(answer, Page) else Page(*answer)
    stored = store.put(page.body)
    for name in page.encodings:
        store.put_encoding(stored.digest, name, io.BytesIO(ENCODERS[name](page.body)))
    headers = (("content-type", page.content_type), *page.headers)
    return Entry(page.status, headers, stored.digest, stored.size)
