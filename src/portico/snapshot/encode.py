"""Encodings of a body, kept where they pay. No id depends on them: they may get better later."""

from __future__ import annotations

import gzip
import io
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import brotli
import zstandard

from portico.store.layout import CHUNK

IN_MEMORY = 1 << 20
"""Bodies up to this length are compressed in memory, in bytes; longer ones a chunk at a time and quicker."""

_GZIP_LEVEL = 6
_ZSTD_LEVEL = 19
_ZSTD_FROM = 1 << 16
_STREAM_BROTLI = 4
_STREAM_ZSTD = 9
_LEAST_SAVED = 64
_MOST_LEFT = 0.95


def of_bytes(data: bytes, quality: int) -> Iterator[tuple[str, bytes]]:
    """Encodings of `data` by name; `quality` is brotli's.

    Who takes zstd takes brotli too, so zstd is kept only where it is the smallest. In PostgreSQL's manual
    that is so for 25 of the 26 bodies above 64 kB, and for 13 of the 1,147 below, where it isn't tried.
    """
    best = len(data)
    packed = brotli.compress(data, quality=quality)
    if pays(len(data), len(packed)):
        best = len(packed)
        yield "br", packed
    packed = gzip.compress(data, _GZIP_LEVEL, mtime=0)
    if pays(len(data), len(packed)):
        best = min(best, len(packed))
        yield "gzip", packed
    if len(data) >= _ZSTD_FROM:
        packed = zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(data)
        if pays(len(data), len(packed)) and len(packed) < best:
            yield "zstd", packed


@contextmanager
def of_file(path: Path, encoding: str, quality: int) -> Iterator[BinaryIO]:
    """One encoding of a long body, in a nameless file beside it that is gone when the block ends."""
    with path.open("rb") as raw, tempfile.TemporaryFile(dir=path.parent) as packed:
        _STREAMS[encoding](raw, cast("BinaryIO", packed), quality)
        packed.seek(0)
        yield cast("BinaryIO", packed)


def pays(raw: int, packed: int) -> bool:
    """Worth a file and a decoder's time."""
    return packed <= raw * _MOST_LEFT and raw - packed >= _LEAST_SAVED


def _brotli_stream(raw: BinaryIO, packed: BinaryIO, quality: int) -> None:
    encoder = brotli.Compressor(quality=min(quality, _STREAM_BROTLI))
    while chunk := raw.read(CHUNK):
        packed.write(encoder.process(chunk))
    packed.write(encoder.finish())


def _gzip_stream(raw: BinaryIO, packed: BinaryIO, _quality: int) -> None:
    with gzip.GzipFile(filename="", mode="wb", compresslevel=_GZIP_LEVEL, fileobj=packed, mtime=0) as encoder:
        shutil.copyfileobj(raw, cast("io.BufferedIOBase", encoder), CHUNK)


def _zstd_stream(raw: BinaryIO, packed: BinaryIO, _quality: int) -> None:
    zstandard.ZstdCompressor(level=_STREAM_ZSTD).copy_stream(raw, packed, read_size=CHUNK)


_STREAMS = {"br": _brotli_stream, "gzip": _gzip_stream, "zstd": _zstd_stream}
