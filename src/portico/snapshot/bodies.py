"""From an item's bytes to a body in the store, with its encodings, and what the freezer must know of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from portico.model import Digest
from portico.snapshot import encode, media, pages
from portico.store.layout import Store, Stored

LONGEST_PAGE = 16 << 20
"""A longer HTML page is published without a look into it, in bytes."""

_NO_LINKS = pages.Links()
_TOO_LONG = pages.Page(pages.Facts(parsed=False), _NO_LINKS)


@dataclass(frozen=True, slots=True)
class Taken:
    """`page` is None for what has no links: pictures, scripts, downloads."""

    stored: Stored
    page: pages.Page | None


class Taker:
    """Takes items into a store; used by many threads at once."""

    def __init__(self, store: Store, quality: int) -> None:
        self._store = store
        self._quality = quality

    def take(self, source: BinaryIO, path: str, name: str) -> Taken:
        """Read `source` once. Encodings are written first, so a body that is there has all of them."""
        look = _look_for(name)
        most = LONGEST_PAGE if look else encode.IN_MEMORY
        head = source.read(most + 1)
        if len(head) > most:
            stored = self._stream(_joined(head, source), name)
            return Taken(stored, _TOO_LONG if look else None)
        page = look(head, path) if look else None
        if len(head) > encode.IN_MEMORY:
            return Taken(self._stream(io.BytesIO(head), name), page)
        return Taken(self._keep(head, name), page)

    def _keep(self, data: bytes, name: str) -> Stored:
        def beside(digest: Digest) -> None:
            for encoding, packed in encode.of_bytes(data, self._quality):
                self._store.put_encoding(digest, encoding, io.BytesIO(packed))

        return self._store.put(data, beside=beside if media.shrinks(name) else None)

    def _stream(self, source: BinaryIO, name: str) -> Stored:
        def beside(digest: Digest, incoming: Path) -> None:
            best = size = incoming.stat().st_size
            for encoding in ("br", "gzip", "zstd"):
                with encode.of_file(incoming, encoding, self._quality) as packed:
                    length = packed.seek(0, io.SEEK_END)
                    packed.seek(0)
                    if encode.pays(size, length) and (encoding != "zstd" or length < best):
                        self._store.put_encoding(digest, encoding, packed)
                        best = min(best, length)

        return self._store.put_stream(source, beside=beside if media.shrinks(name) else None)


def _look_for(name: str) -> Callable[[bytes, str], pages.Page] | None:
    if media.is_page(name):
        return pages.parse
    return pages.parse_style if media.is_style(name) else None


def _joined(head: bytes, rest: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", _Joined(head, rest))


class _Joined:
    """What was read already, then the rest."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest

    def read(self, size: int) -> bytes:
        return self._head.read(size) or self._rest.read(size)
