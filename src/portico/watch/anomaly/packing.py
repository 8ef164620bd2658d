"""A detector's state as bytes: numbers as JSON, so that each comes back exactly, and arrays as they are.

Nothing in the bytes is run. What is damaged, cut, or of another version raises ValueError.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from array import array
from typing import Any, Final

MAGIC: Final = b"portico-anomaly-1\n"
_HEAD: Final = struct.Struct("<I")


def pack(root: object) -> bytes:
    """Every attribute named in `__slots__`, through all parts."""
    arrays: list[bytes] = []
    text = json.dumps(_plain(root, arrays), separators=(",", ":")).encode()
    body = b"".join((_HEAD.pack(len(text)), text, *arrays))
    return MAGIC + _HEAD.pack(zlib.crc32(body)) + body


def unpack(data: bytes, root: object) -> None:
    """Fill `root`, freshly made, with what was packed."""
    start = len(MAGIC) + _HEAD.size
    if not data.startswith(MAGIC) or len(data) < start + _HEAD.size:
        raise ValueError("not a detector's state of this version")
    body = data[start:]
    if zlib.crc32(body) != _HEAD.unpack_from(data, len(MAGIC))[0]:
        raise ValueError("a detector's state is damaged")
    length = _HEAD.unpack_from(body)[0]
    text = body[_HEAD.size : _HEAD.size + length]
    _fill(root, json.loads(text), _Arrays(body[_HEAD.size + length :]))


class _Arrays:
    """The arrays in the order in which they were packed."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    def take(self, kind: str, length: int) -> array[float]:
        taken: array[float] = array(kind)
        end = self.place + length * taken.itemsize
        if length < 0 or end > len(self.data):
            raise ValueError("a detector's state is cut")
        taken.frombytes(self.data[self.place : end])
        self.place = end
        if sys.byteorder == "big":
            taken.byteswap()
        return taken


def _plain(part: object, arrays: list[bytes]) -> dict[str, Any]:
    return {name: _value(getattr(part, name), arrays) for name in _slots(part)}


def _value(value: Any, arrays: list[bytes]) -> Any:
    if isinstance(value, array):
        arrays.append(_little(value))
        return [value.typecode, len(value)]
    if isinstance(value, bool | int | float):
        return value
    return _plain(value, arrays)


def _little(value: array[float]) -> bytes:
    if sys.byteorder == "little":
        return value.tobytes()
    swapped = array(value.typecode, value)
    swapped.byteswap()
    return swapped.tobytes()


def _fill(part: object, held: Any, arrays: _Arrays) -> None:
    names = _slots(part)
    if not isinstance(held, dict) or sorted(held) != sorted(names):
        raise ValueError("a detector's state has other parts than this version's")
    for name in names:
        old, new = getattr(part, name), held[name]
        if isinstance(old, array):
            if not isinstance(new, list) or len(new) != 2 or new[0] != old.typecode:
                raise ValueError(f"a detector's state has no numbers for {name}")
            setattr(part, name, arrays.take(new[0], int(new[1])))
        elif isinstance(old, bool | int | float):
            if type(new) not in (type(old), float if isinstance(old, float) else type(old)):
                raise ValueError(f"a detector's state has no number for {name}")
            setattr(part, name, new)
        else:
            _fill(old, new, arrays)


def _slots(part: object) -> list[str]:
    return list(type(part).__slots__)  # type: ignore[attr-defined]
