"""The site that the edge's bench serves, the same bytes on every machine, frozen as Portico does it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from portico.model import Digest
from portico.snapshot import folder, freeze
from portico.store import read, signing
from portico.store.layout import Store

COLD_PAGES = 1500
ASSET = "/asset.0123456789abcdef.bin"
HOT = "/hot"


@dataclass(frozen=True)
class Site:
    """Where it lies, its id, and the hot page's bytes and headers, as every server shall send them."""

    store: Path
    key: Path
    snapshot: Digest
    hot: bytes
    asset: bytes
    cold: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    raw_size: int

    def brotli(self, path: str) -> bytes:
        return self._reader().path(path)

    def _reader(self) -> Pages:
        return Pages(self.store, self.key, self.snapshot)


class Pages:
    def __init__(self, store: Path, key: Path, snapshot: Digest) -> None:
        self._store = Store(store)
        self._reader = read.Reader(self._store, signing.load_public(key))
        self._snapshot = snapshot

    def path(self, path: str) -> bytes:
        entry = self._reader.lookup(self._snapshot, path)
        return read.encoded(self._store, entry.digest, "br", entry.size)


def build(root: Path) -> Site:
    """Write the files, freeze them into `root/store`."""
    files = root / "site"
    files.mkdir(parents=True)
    (files / "hot.html").write_text(page(0))
    (files / "asset.0123456789abcdef.bin").write_bytes(random.Random(7).randbytes(1 << 20))
    cold = tuple(f"/cold-{number}" for number in range(COLD_PAGES))
    for number, path in enumerate(cold, start=1):
        (files / f"{path[1:]}.html").write_text(page(number))
    private, public = root / "signing.key", root / "signing.pub"
    signing.create_keys(private, public)
    store = Store(root / "store")
    frozen = freeze.freeze(folder.Folder(files), store, root / "freezer.db", signing.load_private(private))
    entry = read.Reader(store, signing.load_public(public)).lookup(frozen.id, HOT)
    return Site(
        store=store.root,
        key=public,
        snapshot=frozen.id,
        hot=read.encoded(store, entry.digest, "br", entry.size),
        asset=(files / ASSET[1:]).read_bytes(),
        cold=cold,
        headers=tuple((name, value) for name, value in entry.headers if name != "cache-control"),
        raw_size=entry.size,
    )


def page(seed: int) -> str:
    """About 25 kB of HTML that brotli makes 5.5 kB of."""
    chance = random.Random(seed)
    words = ["".join(chance.choices("etaoinshrdlucmfwyp", k=chance.randint(2, 9))) for _ in range(80)]
    paragraphs = [f"<p class=text>{' '.join(chance.choices(words, k=60))}</p>" for _ in range(50)]
    body = "\n".join(paragraphs + paragraphs[:12])
    return f"<!doctype html><html lang=en><title>Page {seed}</title><h1>Page {seed}</h1>\n{body}\n</html>\n"
