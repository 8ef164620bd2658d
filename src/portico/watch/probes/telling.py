"""What an answer is, held against what was expected, with a sentence that says what was seen. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from portico.kit import canonical
from portico.model import Digest
from portico.replica import conditional
from portico.watch import answer
from portico.watch.answer import Answer, What
from portico.watch.probes import sketch, visit
from portico.watch.probes.expected import Expected
from portico.watch.probes.sketch import Sketch

OURS = 0.5
"""A body that holds more than this share of the expected one is ours with something changed."""
LARGE = 2 << 20
"""A larger body is asked for by HEAD: its length and tag are looked at."""
_SHOWN = 120
_PLANTED = frozenset({"set-cookie", "refresh", "link", "location", "content-location"})
"""Headers by which an answer does more than its body; they count when the manifest has none of them."""


@dataclass(frozen=True, slots=True)
class Told:
    what: What
    sentence: str


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to tell a wrong body by: other snapshots' digests for the path, and ours as a sketch."""

    others: Callable[[], Iterable[tuple[Digest, Digest]]]
    sketch: Callable[[], Sketch]


NOTHING = Known(lambda: (), Sketch)


def tell(expected: Expected, found: Answer, known: Known) -> Told:
    if expected.location:
        return _redirect(expected, found)
    if 300 <= found.status < 400:
        to = shown(found.headers.get("location", "nowhere"))
        return Told(
            What.REDIRECT, f"{expected.path} redirects ({found.status}) to {to}, where a page stands."
        )
    if found.status != expected.status:
        return Told(
            What.ERROR, f"{expected.path} is answered with {found.status}, expected {expected.status}."
        )
    if expected.size > LARGE:
        return _large(expected, found)
    return _body(expected, found, known)


def _redirect(expected: Expected, found: Answer) -> Told:
    to = found.headers.get("location", "")
    meant = f"{expected.status} to {expected.location}"
    if (found.status, to) == (expected.status, expected.location):
        return Told(What.RIGHT, f"{expected.path} redirects as it should, {meant}.")
    if found.status >= 500:
        return Told(What.ERROR, f"{expected.path} is answered with {found.status}, expected {meant}.")
    seen = f"{found.status} to {shown(to)}" if to else str(found.status)
    return Told(What.REDIRECT, f"{expected.path} is answered with {seen}, expected {meant}.")


def _large(expected: Expected, found: Answer) -> Told:
    length = found.headers.get("content-length", "")
    if length != str(expected.size):
        return Told(What.DEFACED, f"{expected.path} has {shown(length)} bytes, expected {expected.size}.")
    tag, meant = found.headers.get("etag", ""), conditional.etag(expected.digest, "")
    if tag != meant:
        return Told(What.DEFACED, f"{expected.path} has the tag {shown(tag)}, expected {meant}.")
    return _headers(expected, found)


def _body(expected: Expected, found: Answer, known: Known) -> Told:
    coding = found.headers.get("content-encoding", "")
    try:
        raw = answer.raw(found.body, coding, most=_most(expected))
    except ValueError as error:
        return Told(What.DEFACED, f"{expected.path} can't be read: {error}.")
    digest = canonical.digest(raw)
    if digest == expected.digest:
        return _headers(expected, found)
    seen = f"{expected.path} shows {len(raw)} bytes, {digest[:12]}, expected {expected.digest[:12]}"
    other = next((snapshot for body, snapshot in known.others() if body == digest), None)
    if other:
        return Told(What.STALE, f"{seen}: those of snapshot {other[:12]}.")
    return _changed(seen, sketch.compare(known.sketch(), raw), len(raw))


def _changed(seen: str, difference: sketch.Difference, size: int) -> Told:
    stands = f"stands {difference.excerpt!r}" if difference.at < size else "it ends"
    if difference.share > OURS:
        percent = int(difference.share * 100)
        return Told(What.INJECTED, f"{seen}: {percent} % of it is ours, at byte {difference.at} {stands}.")
    return Told(What.DEFACED, f"{seen}: other content altogether, at byte {difference.at} {stands}.")


def _headers(expected: Expected, found: Answer) -> Told:
    """Right bytes do harm under a wrong type, and the policy among the headers guards them."""
    meant = visit.joined(expected.headers)
    for name, value in meant.items():
        if found.headers.get(name) != value:
            there = shown(found.headers.get(name, "missing"))
            return Told(What.INJECTED, f"{expected.path}: the header {name} is {there}, not the site's own.")
    for name in sorted(_PLANTED & found.headers.keys() - meant.keys()):
        value = found.headers[name]
        return Told(What.INJECTED, f"{expected.path}: a header {name} that isn't the site's: {shown(value)}.")
    return Told(What.RIGHT, f"{expected.path} shows the bytes of the live snapshot.")


def shown(value: str) -> str:
    """What somebody else wrote, quoted: without controls that a terminal obeys, and not too long."""
    return repr(value if len(value) <= _SHOWN else f"{value[:_SHOWN]}...")


def _most(expected: Expected) -> int:
    return expected.size + (1 << 20)
