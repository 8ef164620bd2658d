"""The fleet's file: what is in it as JSON, then each detector's own bytes."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Final

from portico.watch.anomaly.detector import Verdict
from portico.watch.anomaly.unusual import Anomaly

NAME: Final = "detectors.bin"
_MAGIC: Final = b"portico-detectors-1\n"
_HEAD: Final = struct.Struct("<II")


def pack(dumps: Mapping[str, bytes], anomalies: Iterable[Anomaly]) -> bytes:
    sizes = {key: len(dump) for key, dump in dumps.items()}
    text = json.dumps({"sizes": sizes, "open": [asdict(anomaly) for anomaly in anomalies]}).encode()
    head = _HEAD.pack(len(text), zlib.crc32(text))
    return b"".join((_MAGIC, head, text, *dumps.values()))


def unpack(data: bytes) -> tuple[dict[str, bytes], dict[str, Anomaly]]:
    """Each detector's bytes, which check themselves, and the open anomalies; ValueError when it isn't one."""
    start = len(_MAGIC) + _HEAD.size
    if not data.startswith(_MAGIC) or len(data) < start:
        raise ValueError("not a file of detectors of this version")
    length, check = _HEAD.unpack_from(data, len(_MAGIC))
    text = data[start : start + length]
    if zlib.crc32(text) != check:
        raise ValueError("the file is damaged")
    held = json.loads(text)
    place, dumps = start + length, {}
    for key, size in held["sizes"].items():
        dumps[key] = data[place : place + size]
        place += size
    return dumps, {each["key"]: _anomaly(each) for each in held["open"]}


def _anomaly(held: dict[str, Any]) -> Anomaly:
    return Anomaly(**{**held, "verdict": Verdict(**held["verdict"])})
