"""The headers of what is published: safe and fast by default, `_headers` have the last word. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from portico.kit.errors import SourceError
from portico.model import Header
from portico.snapshot import headers, media, pages

MUTABLE = "public, max-age=0, s-maxage=86400, must-revalidate"
"""The edge keeps it for a day, as its cache is keyed by snapshot; a visitor's browser asks each time."""

IMMUTABLE = "public, max-age=31536000, immutable"

CSP = "content-security-policy"

MOST_BYTES = 8192
"""Of one answer's headers: proxies and browsers hold them in buffers of 16 kB, and others add theirs."""

_TRANSPORT = "max-age=63072000"
_SAFE = {"strict-transport-security": _TRANSPORT, "x-content-type-options": "nosniff"}
_PAGE = {
    **_SAFE,
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "permissions-policy": "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
}
_SVG = {
    **_SAFE,
    CSP: "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox",
}

_CSP_KEEPS = 4096
_FINGERPRINT = re.compile(r"[.\-_]([0-9A-Za-z]{8,64})(?:\.[a-z]{2,5})?\.[A-Za-z0-9]{2,5}$")
_HEX = re.compile(r"[0-9a-f]+")
_INNER_DIGIT = re.compile(r"[A-Za-z][0-9]+[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Subject:
    """What headers are for: the paths that it is known by, its file's name, and the facts of a page."""

    paths: tuple[str, ...]
    name: str
    facts: pages.Facts


def headers_of(subject: Subject, site: headers.Rules) -> tuple[Header, ...]:
    """Sorted by name. Raises SourceError when they are longer than a proxy takes."""
    found: dict[str, str | None] = {**defaults(subject.name, subject.facts), **site.resolve(*subject.paths)}
    result = tuple(sorted((name, value) for name, value in found.items() if value is not None))
    size = sum(len(name) + len(value) + 4 for name, value in result)
    if size > MOST_BYTES:
        what = f"expected headers of at most {MOST_BYTES:,} bytes, got {size:,}"
        hint = "move its inline scripts into files, or set a shorter content-security-policy in _headers"
        raise SourceError(what, where=subject.name, hint=hint)
    return result


def redirect_headers(location: str) -> tuple[Header, ...]:
    return (
        ("cache-control", MUTABLE),
        ("location", location),
        ("strict-transport-security", _TRANSPORT),
    )


def defaults(name: str, facts: pages.Facts) -> dict[str, str]:
    """What is sent when the site says nothing.

    cross-origin-resource-policy is for pages only: other sites may show a company's logo or its pictures.
    """
    content_type = media.content_type(name, utf8=facts.utf8)
    basic = {"content-type": content_type, "cache-control": IMMUTABLE if fingerprinted(name) else MUTABLE}
    if media.is_page(name):
        return {**basic, **_PAGE, CSP: content_security_policy(facts)}
    if content_type == "image/svg+xml":
        return {**basic, **_SVG}
    return {**basic, **_SAFE}


def fingerprinted(name: str) -> bool:
    """Whether a hash of the content stands in the name, as in `app.3f2a9c1b.js` or `index-DXk2a9bc.css`.

    A page never counts: its address is what people link to, so it must be able to change.
    """
    if media.is_page(name):
        return False
    match = _FINGERPRINT.search(name.rpartition("/")[2])
    return bool(match and _looks_like_a_hash(match[1]))


def _looks_like_a_hash(text: str) -> bool:
    """Hex, or random letters as bundlers write them: eight, or sixteen and more.

    A wrong yes would leave an old file with visitors for a year, so in doubt it is none: dates, versions,
    `iPhone15Pro` and a hash whose digits all stand at its end.
    """
    digits = sum(letter.isdigit() for letter in text)
    if digits in {0, len(text)}:
        return False
    if _HEX.fullmatch(text):
        return True
    is_mixed = text.lower() != text != text.upper()
    right_length = len(text) == 8 or len(text) >= 16
    return right_length and bool(_INNER_DIGIT.search(text)) and (is_mixed or digits >= 2)


@lru_cache(maxsize=4096)
def content_security_policy(facts: pages.Facts) -> str:
    """Only what the page itself brings may run or style it. Hashes too many to send loosen the styles."""
    strict = _csp(facts, loose_styles=False)
    return strict if len(strict) <= _CSP_KEEPS else _csp(facts, loose_styles=True)


def _csp(facts: pages.Facts, *, loose_styles: bool) -> str:
    styles = ["'unsafe-inline'"] if loose_styles else _quoted(facts.styles)
    directives = {
        "default-src": ["'none'"],
        "base-uri": ["'self'" if facts.base else "'none'"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "img-src": ["'self'", "data:"],
        "manifest-src": ["'self'"],
        "media-src": ["'self'"],
        "script-src": ["'self'", *_quoted(facts.scripts)],
        "style-src": ["'self'", *styles],
        "worker-src": ["'self'"],
    }
    if facts.handlers:
        directives["script-src-attr"] = ["'unsafe-hashes'", *_quoted(facts.handlers)]
    if facts.style_attributes and not loose_styles:
        directives["style-src-attr"] = ["'unsafe-hashes'", *_quoted(facts.style_attributes)]
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())


def _quoted(hashes: tuple[str, ...]) -> list[str]:
    return [f"'{value}'" for value in hashes]
