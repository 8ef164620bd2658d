"""From what was found in the manifest to the answer: coding, validators, ranges."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

from portico.model import Header
from portico.replica import conditional, negotiate
from portico.replica.answers import Answer
from portico.replica.bodies import Bodies, Body, Held
from portico.replica.conditional import Span
from portico.replica.resolve import Found

COMPUTED = frozenset(
    {"content-length", "content-encoding", "etag", "last-modified", "accept-ranges", "content-range", "vary"}
)
_OF_A_BODY = frozenset({"content-type", "content-language", "content-disposition"})


class RequestHeaders(Protocol):
    def get(self, key: str, default: str | None = None) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Request:
    """`path` is decoded and without the snapshot's id."""

    method: str
    path: str
    query: str
    headers: RequestHeaders


async def answer(bodies: Bodies, found: Found, request: Request) -> Answer:
    """Raises read.CorruptError when no coding of the body can be verified."""
    entry = found.entry
    if not entry.digest:
        return Answer(found.status, [*entry.headers, ("content-length", "0")])
    held = bodies.held(entry)
    preferred = negotiate.preferred(request.headers.get("accept-encoding"), held.encodings)
    if found.status != 200:
        return _whole(found, held, await bodies.open(held, preferred))
    if _is_unchanged(held, preferred[0], request):
        return _unchanged(found, held, preferred[0])
    span = _span(held, request)
    if span is None:
        return _whole(found, held, await bodies.open(held, preferred))
    if span.start == span.end:
        return _unsatisfiable(found, held)
    return _part(found, held, await bodies.open(held, (negotiate.IDENTITY,)), span)


def _is_unchanged(held: Held, encoding: str, request: Request) -> bool:
    tag = conditional.etag(held.entry.digest, encoding)
    asked = (request.headers.get("if-none-match"), request.headers.get("if-modified-since"))
    return asked != (None, None) and conditional.unchanged(*asked, tag, _modified(held))


def _span(held: Held, request: Request) -> Span | None:
    asked = request.headers.get("range") if request.method == "GET" else None
    if asked is None:
        return None
    tag = conditional.etag(held.entry.digest, negotiate.IDENTITY)
    if not conditional.range_holds(request.headers.get("if-range"), tag, _modified(held)):
        return None
    return conditional.byte_range(asked, held.entry.size)


def _whole(found: Found, held: Held, body: Body) -> Answer:
    headers = _headers(found, held, body.encoding)
    headers.append(("content-length", str(body.length)))
    if body.encoding:
        headers.append(("content-encoding", body.encoding))
    if body.data is not None:
        return Answer(found.status, headers, body.data)
    return Answer(found.status, headers, file=body.file, span=Span(0, body.length))


def _part(found: Found, held: Held, body: Body, span: Span) -> Answer:
    headers = _headers(found, held, negotiate.IDENTITY)
    headers.append(("content-length", str(span.end - span.start)))
    headers.append(("content-range", f"bytes {span.start}-{span.end - 1}/{body.length}"))
    if body.data is not None:
        return Answer(206, headers, body.data[span.start : span.end])
    return Answer(206, headers, file=body.file, span=span)


def _unchanged(found: Found, held: Held, encoding: str) -> Answer:
    headers = [header for header in _headers(found, held, encoding) if header[0] not in _OF_A_BODY]
    return Answer(304, headers)


def _unsatisfiable(found: Found, held: Held) -> Answer:
    headers = [header for header in _headers(found, held, negotiate.IDENTITY) if header[0] not in _OF_A_BODY]
    size = held.entry.size
    return Answer(416, [*headers, ("content-range", f"bytes */{size}"), ("content-length", "0")])


def _headers(found: Found, held: Held, encoding: str) -> list[Header]:
    """The manifest's headers and the validators, without what only a body has."""
    headers = [header for header in found.entry.headers if header[0] not in COMPUTED]
    if vary := _vary(found, held):
        headers.append(("vary", vary))
    if found.status == 404:
        headers = [header for header in headers if header[0] != "cache-control"]
        headers.append(("cache-control", "no-store"))
    if found.status == 200:
        headers.append(("etag", conditional.etag(held.entry.digest, encoding)))
        headers.append(("last-modified", conditional.http_date(_modified(held))))
        headers.append(("accept-ranges", "bytes"))
    return headers


def _vary(found: Found, held: Held) -> str:
    own = found.entry.header("vary") or ""
    if not held.encodings or "accept-encoding" in own.lower() or own == "*":
        return own
    return f"{own}, accept-encoding" if own else "accept-encoding"


def _modified(held: Held) -> int:
    """Never later than now: a clock that ran ahead must not make a page look fresh for ever."""
    return min(held.modified, int(time.time()))
