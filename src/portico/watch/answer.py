"""What an answer of the site is, judged from its bytes alone: shared by the probes and the load player."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import brotli
import zstandard

from portico.kit import canonical
from portico.model import Digest

ACCEPTED = "br, gzip"
"""What browsers accept, as far as the edge tells them apart."""


class What(StrEnum):
    """What was seen. `stale` is right in an older snapshot, `wrong` is in none that we know."""

    RIGHT = "right"
    STALE = "stale"
    WRONG = "wrong"
    ERROR = "error"
    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class Answer:
    """Header names are lower-case; `body` as it came, in its content coding."""

    status: int
    headers: dict[str, str]
    body: bytes


def judge(answer: Answer, expected: Digest, older: Collection[Digest] = ()) -> tuple[What, str]:
    """What the answer to a page's request is, and why; the page is expected to be answered with 200."""
    if answer.status != 200:
        return What.ERROR, f"answered {answer.status}, expected 200"
    try:
        found = digest(answer)
    except ValueError as error:
        return What.WRONG, str(error)
    if found == expected:
        return What.RIGHT, "the bytes are those of the snapshot"
    if found in older:
        return What.STALE, "the bytes are those of an older snapshot"
    return What.WRONG, f"the bytes hash to {found[:12]}, expected {expected[:12]}"


def digest(answer: Answer) -> Digest:
    """The hash of the raw body. Raises ValueError when it can't be decoded."""
    return canonical.digest(raw(answer.body, answer.headers.get("content-encoding", "")))


def raw(body: bytes, encoding: str) -> bytes:
    """The body without its content coding. Raises ValueError when it can't be decoded."""
    try:
        match encoding:
            case "" | "identity":
                return body
            case "br":
                return bytes(brotli.decompress(body))
            case "gzip":
                return gzip.decompress(body)
            case "zstd":
                return zstandard.ZstdDecompressor().decompressobj().decompress(body)
    except (brotli.error, zstandard.ZstdError, zlib.error, OSError, EOFError) as error:
        raise ValueError(f"the body can't be decoded as {encoding}: {error}") from error
    raise ValueError(f"the content coding {encoding!r} was not asked for")
