"""Doubles, packed: the bytes of like weight side by side, where they resemble each other, then zstd."""

from __future__ import annotations

from array import array

import zstandard

from portico.watch.series.table import Columns

_WIDTH = 8
_LEVEL = 3
_MOST = 1 << 26


def pack(columns: Columns) -> bytes:
    plain = b"".join(column.tobytes() for column in columns)
    shuffled = b"".join(plain[place::_WIDTH] for place in range(_WIDTH))
    return zstandard.ZstdCompressor(_LEVEL, write_checksum=False).compress(shuffled)


def unpack(packed: bytes, length: int) -> Columns:
    """Columns of `length` doubles each. Raises ValueError."""
    try:
        shuffled = zstandard.ZstdDecompressor().decompress(packed, max_output_size=_MOST)
    except zstandard.ZstdError as error:
        raise ValueError(f"not zstd: {error}") from error
    each = len(shuffled) // _WIDTH
    if len(shuffled) % _WIDTH or (each % length if length else each):
        raise ValueError(f"expected columns of {length} doubles, got {len(shuffled)} bytes")
    plain = bytearray(len(shuffled))
    for place in range(_WIDTH):
        plain[place::_WIDTH] = shuffled[place * each : (place + 1) * each]
    values = array("d", bytes(plain))
    return tuple(values[start : start + length] for start in range(0, each, length or 1))
