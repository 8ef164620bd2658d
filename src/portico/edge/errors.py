"""The pages that the edge answers by itself, without a replica: small, calm, with the security headers."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from portico.model import Header

CONTENT_TYPE = "text/html; charset=utf-8"
_STYLE = "body{font:1.1rem/1.6 system-ui,sans-serif;max-width:34rem;margin:18vh auto;padding:0 1.5rem}"
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

_POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'"

SECURITY_HEADERS: tuple[Header, ...] = (
    (
        "content-security-policy",
        _POLICY,
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-store"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """`headers` come on top of the security headers."""

    status: int
    title: str
    text: str
    headers: tuple[Header, ...] = ()

    @property
    def html(self) -> str:
        return (
            '<!doctype html><html lang="en"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            f"<title>{self.title}</title><style>{_STYLE}</style><h1>{self.title}</h1><p>{self.text}</p></html>"
        )


_SOON = (("retry-after", "5"),)

PAGES = (
    Page(400, "Bad request", "This address can't be read. Please check it and try again."),
    Page(403, "Not allowed", "This page can't be shown to you."),
    Page(404, "Not found", "There is no such page."),
    Page(405, "Method not allowed", "This site is read-only.", (("allow", "GET, HEAD"),)),
    Page(408, "Request timeout", "Your request took too long to arrive. Please try again."),
    Page(413, "Request too large", "This site takes no uploads."),
    Page(421, "Wrong address", "This server doesn't answer for that host name."),
    Page(429, "Too many requests", "Please wait a few seconds, then try again.", (("retry-after", "10"),)),
    Page(500, "Something went wrong", "Please try again in a moment.", _SOON),
    Page(502, "Something went wrong", "Please try again in a moment.", _SOON),
    Page(503, "Back in a moment", "This page can't be reached just now. Please try again.", _SOON),
    Page(504, "Back in a moment", "This page took too long to come. Please try again.", _SOON),
)

BUILT_IN = frozenset({400, 403, 404, 405, 408, 413, 429, 500, 502, 503, 504})
"""The statuses that HAProxy answers by itself and takes an `http-error` for; the others need a rule."""


def page(status: int) -> Page:
    return next(known for known in PAGES if known.status == status)


def http_error(answer: Page) -> str:
    """The directive that makes HAProxy answer this status with our page."""
    return f"http-error status {answer.status} {_payload(answer)}"


def http_return(answer: Page) -> str:
    """The rule's action that answers at once with our page."""
    return f"http-request return status {answer.status} {_payload(answer)}"


def _payload(answer: Page) -> str:
    headers = " ".join(f'hdr {name} "{value}"' for name, value in SECURITY_HEADERS + answer.headers)
    return f"content-type \"{CONTENT_TYPE}\" string '{_quoted(answer.html)}' {headers}"


def _quoted(text: str) -> str:
    """Inside HAProxy's strong quotes all but the quote itself is literal."""
    return text.replace("'", "'\\''")
