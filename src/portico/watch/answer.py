"""What an answer of the site is, judged from its bytes alone: shared by the probes and the load player."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

import brotli
import zstandard

from portico.kit import canonical
from portico.model import Digest

ACCEPTED = "br, gzip"
"""What browsers accept, as far as the edge tells them apart."""


class What(StrEnum):
    """What was seen. `stale` is right in another snapshot, `wrong` is in none that we know.

    A wrong body is, looked at closer, `injected` (ours with something added or changed) or `defaced` (other
    content altogether). `wrong-cluster`: one cluster answers what is right in another snapshot or page.
    """

    RIGHT = "right"
    STALE = "stale"
    WRONG = "wrong"
    INJECTED = "injected"
    DEFACED = "defaced"
    MISPLACED = "wrong-cluster"
    REDIRECT = "redirect"
    ERROR = "error"
    UNREACHABLE = "unreachable"
    UNRESOLVED = "unresolved"
    CERTIFICATE = "certificate"
    UNKNOWN = "unknown"


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


def raw(body: bytes, encoding: str, *, most: int = 64 << 20) -> bytes:
    """The body without its content coding. Raises ValueError when it can't be, or is longer than `most`.

    Who defaces a site may answer with a small body that unpacks into gigabytes.
    """
    if encoding not in _DECODERS:
        raise ValueError(f"the content coding {encoding[:40]!r} was not asked for")
    try:
        found = _DECODERS[encoding](body, most)
    except (brotli.error, zstandard.ZstdError, zlib.error, OSError, EOFError) as error:
        raise ValueError(f"the body can't be decoded as {encoding}: {error}") from error
    if len(found) > most:
        raise ValueError(f"the body is longer than {most} bytes")
    return found


def _brotli(body: bytes, most: int) -> bytes:
    decoder = brotli.Decompressor()
    found = decoder.process(body, output_buffer_limit=most + 1)
    while len(found) <= most and not decoder.is_finished():
        more = decoder.process(b"", output_buffer_limit=most + 1 - len(found))
        if not more:
            raise EOFError("the stream ends too early")
        found += more
    return bytes(found)


def _gzip(body: bytes, most: int) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
        return file.read(most + 1)


def _zstd(body: bytes, most: int) -> bytes:
    with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(body)) as reader:
        return reader.read(most + 1)


def _plain(body: bytes, _most: int) -> bytes:
    return body


_DECODERS: Mapping[str, Callable[[bytes, int], bytes]] = {
    "": _plain,
    "identity": _plain,
    "br": _brotli,
    "gzip": _gzip,
    "zstd": _zstd,
}
