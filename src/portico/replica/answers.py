"""What a replica says over HTTP: the value that is sent, and the answers that are its own. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portico.model import Header
from portico.replica.conditional import Span
from portico.replica.rules import Moved

METHODS = "GET, HEAD, OPTIONS"

PLAIN = "text/plain; charset=utf-8"
JSON = "application/json"

_SAFE: tuple[Header, ...] = (
    (
        "content-security-policy",
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
)

_WORDS: Mapping[int, str] = {
    400: "400: this can't be read as a form.\n",
    404: "404: there is nothing at this address.\n",
    405: "405: this address can only be read.\n",
    408: "408: this took too long to arrive, please go back and send it again.\n",
    411: "411: a form says how long it is.\n",
    413: "413: this is too long, please go back and shorten it.\n",
    415: "415: a form is sent without files.\n",
    429: "429: please go back in a minute and send it again; nothing was sent.\n",
    500: "500: this replica failed to answer.\n",
    503: "503: not here at the moment, please try again.\n",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """Its bytes are `data`, or the `span` of `file`. `headers` are complete, with the length."""

    status: int
    headers: list[Header]
    data: bytes = b""
    file: str | None = None
    span: Span | None = None

    @property
    def length(self) -> int:
        return self.span.end - self.span.start if self.span else len(self.data)


def own(status: int, data: bytes, content_type: str, *extra: Header) -> Answer:
    """An answer of the replica itself, which nobody shall keep."""
    headers = [
        ("content-type", content_type),
        ("content-length", str(len(data))),
        ("cache-control", "no-store"),
        *_SAFE,
        *extra,
    ]
    return Answer(status, headers, data)


def refusal(status: int, *extra: Header) -> Answer:
    """A plain sentence; no reason that would tell a visitor about the machine."""
    return own(status, _WORDS[status].encode(), PLAIN, *extra)


def unavailable() -> Answer:
    return refusal(503, ("retry-after", "1"))


def not_readable_so() -> Answer:
    return refusal(405, ("allow", METHODS))


def only_sent_to() -> Answer:
    """A form's address."""
    return own(405, b"405: this address takes what a form sends.\n", PLAIN, ("allow", "POST"))


def options() -> Answer:
    return Answer(204, [("allow", METHODS), ("cache-control", "no-store"), *_SAFE])


def moved(to: Moved) -> Answer:
    """A redirect, asked for anew each time unless the manifest says otherwise: a later one may differ."""
    headers = [("location", to.location), ("content-length", "0"), *to.headers]
    given = {name for name, _ in to.headers}
    defaults = (("cache-control", "no-cache"), *_SAFE)
    return Answer(to.status, [*headers, *(header for header in defaults if header[0] not in given)])
