"""One look at one target: what is asked there, and what came of it."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import client
from urllib.parse import urlsplit

from portico.watch import probe
from portico.watch.answer import Answer, What
from portico.watch.probes import telling, visit
from portico.watch.probes.expected import Expected
from portico.watch.probes.telling import Told
from portico.watch.probes.visit import Visit, Way

UNANSWERED = (What.UNRESOLVED, What.UNREACHABLE, What.CERTIFICATE)
"""Who meets these asks for nothing more."""
_SEVERITY = (
    *UNANSWERED,
    What.DEFACED,
    What.INJECTED,
    What.MISPLACED,
    What.STALE,
    What.REDIRECT,
    What.ERROR,
)
"""The worst first: a look that saw several things tells the worst."""
PATIENCE = 2
"""A look asks for no further page after so many times the timeout of one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`bad` are the pages that were not right, the worst first; `phases` in seconds."""

    what: What
    sentence: str
    phases: Mapping[str, float] = field(default_factory=dict)
    bad: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return self.what is What.RIGHT


@dataclass(frozen=True, slots=True)
class Asked:
    """The pages that a look asks for, and how each answer is judged."""

    pages: tuple[Expected, ...]
    tell: Callable[[Expected, Answer], Told]


def pages(way: Way, asked: Asked, timeout: float) -> Outcome:
    """A visitor who comes and reads these pages; who gets no answer, or only slow ones, leaves."""
    visited, until = Visit(way, timeout), time.monotonic() + PATIENCE * timeout
    seen: list[tuple[str, Told]] = []
    try:
        for page in asked.pages:
            seen.append((page.path, _ask(visited, page, asked.tell)))
            if seen[-1][1].what in UNANSWERED or time.monotonic() > until:
                break
    finally:
        visited.close()
    return _sum_up(seen, visited.phases)


def _ask(visited: Visit, page: Expected, tell: Callable[[Expected, Answer], Told]) -> Told:
    method = "HEAD" if page.size > telling.LARGE else "GET"
    try:
        return tell(page, visited.get(page.path, method))
    except (OSError, client.HTTPException) as error:
        return unanswered(page.path, error)


def unanswered(path: str, error: Exception) -> Told:
    """What it means that there was no whole answer."""
    what, why = probe.unanswered(error)
    if isinstance(error, socket.gaierror):
        what = What.UNRESOLVED
    return Told(what, f"{path}: {why}.")


def _sum_up(seen: list[tuple[str, Told]], phases: Mapping[str, float]) -> Outcome:
    bad = sorted(
        ((path, told) for path, told in seen if told.what is not What.RIGHT),
        key=lambda one: _SEVERITY.index(one[1].what),
    )
    if not bad:
        told = seen[0][1] if seen else Told(What.UNKNOWN, "There was nothing to ask for.")
        return Outcome(told.what, told.sentence, phases)
    return Outcome(bad[0][1].what, bad[0][1].sentence, phases, tuple(path for path, _ in bad))


def redirect(way: Way, to: str, timeout: float) -> Outcome:
    """Plain HTTP has one answer: the same address over TLS."""

    def tell(page: Expected, answer: Answer) -> Told:
        return telling.tell(page, answer, telling.NOTHING)

    return _of_plain(way, pages(way, Asked((Expected("/", 308, location=to),), tell), timeout))


def upgrade(way: Way, timeout: float) -> Outcome:
    """Plain HTTP leads to TLS on the same site, whatever the redirect's status."""

    def tell(_page: Expected, answer: Answer) -> Told:
        to = urlsplit(answer.headers.get("location", ""))
        led = f" to {telling.shown(to.geturl())}" if to.netloc else ""
        seen = f"/ is answered with {answer.status}{led}"
        ours = to.scheme == "https" and _bare(to.hostname or "") == _bare(way.host)
        if 300 <= answer.status < 400 and ours:
            return Told(What.RIGHT, f"{seen}.")
        return Told(What.REDIRECT, f"{seen}, expected a redirect to https on {way.host}.")

    return _of_plain(way, pages(way, Asked((Expected("/", 308),), tell), timeout))


def _of_plain(way: Way, found: Outcome) -> Outcome:
    """The sentence with the whole address; of the phases just the whole, where there is any."""
    phases = {phase: took for phase, took in found.phases.items() if phase == "total"}
    return Outcome(found.what, f"{way.address.rstrip('/')}{found.sentence}", phases)


def _bare(host: str) -> str:
    return host.lower().removeprefix("www.")


def name(host: str, port: int, timeout: float) -> Outcome:
    """Whether the site's name leads anywhere."""
    began = time.monotonic()
    try:
        found = visit.resolve(host, port, timeout)
    except OSError as error:
        return Outcome(What.UNRESOLVED, f"The name {host} is not found: {error.strerror}.")
    took = time.monotonic() - began
    return Outcome(What.RIGHT, f"{host} is {', '.join(place for place, _ in found[:4])}.", {"dns": took})
