"""Validators and what a visitor asks by them: ETag, Last-Modified, 304 and byte ranges (RFC 9110). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache

from portico.model import Digest

_TAG = re.compile(r'(?:W/)?("[^"]*")')
_RANGE = re.compile(r"bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes `start` up to, not including, `end`. An empty one can't be satisfied (416)."""

    start: int
    end: int


def etag(digest: Digest, encoding: str) -> str:
    """Strong for the raw body. Weak for an encoding, whose bytes may be made better later."""
    return f'W/"{digest[:32]}-{encoding}"' if encoding else f'"{digest[:32]}"'


@lru_cache(maxsize=1024)
def http_date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)


def unchanged(if_none_match: str | None, if_modified_since: str | None, tag: str, modified: int) -> bool:
    """Whether the visitor's copy is still right. A tag that was sent decides alone."""
    if if_none_match is not None:
        return if_none_match.strip() == "*" or _opaque(tag) in _TAG.findall(if_none_match)
    since = _seconds(if_modified_since)
    return since is not None and modified <= since


def byte_range(header: str, size: int) -> Span | None:
    """The one range asked for; None where the header is to be ignored: malformed, or several ranges."""
    match = _RANGE.fullmatch(header)
    if match is None or match[1] == match[2] == "":
        return None
    if not match[1]:
        return Span(max(size - int(match[2]), 0), size)
    start, end = int(match[1]), int(match[2]) + 1 if match[2] else size
    if end <= start and match[2]:
        return None
    return Span(start, min(end, size)) if start < size else Span(size, size)


def range_holds(if_range: str | None, tag: str, modified: int) -> bool:
    """Whether If-Range lets the range be served: the very same strong tag, or the very same date."""
    if if_range is None:
        return True
    wanted = if_range.strip()
    return wanted in {tag, http_date(modified)}


def _opaque(tag: str) -> str:
    return tag.removeprefix("W/")


def _seconds(date: str | None) -> int | None:
    if date is None:
        return None
    try:
        return int(parsedate_to_datetime(date).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None
