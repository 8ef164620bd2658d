"""The site as a visitor sees it, and as one cluster would show it. Asked by the keeper and the drills."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from http import client
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from portico.config.home import Home
from portico.kit import unixsocket
from portico.model import Digest
from portico.watch import answer
from portico.watch.answer import What
from portico.watch.door import Door

_SHOWN = 120
"""So much of what a stranger answered is told."""


@dataclass(frozen=True, slots=True)
class Seen:
    """`what` was seen and `why` it is that, in `seconds`; `status` is None where there was no answer."""

    what: What
    why: str
    seconds: float
    status: int | None = None

    @property
    def ok(self) -> bool:
        return self.what is What.RIGHT


def outside(
    door: Door, path: str, expected_digest: Digest, timeout: float, older: Collection[Digest] = ()
) -> Seen:
    """Ask for `path` as a visitor. `older` are its digests in older snapshots, to tell stale from wrong."""
    return _see(lambda: fetch(door, path, timeout), lambda found: answer.judge(found, expected_digest, older))


def inside(
    socket: Path, cluster: str, snapshot: Digest, path: str, expected_digest: Digest, timeout: float
) -> Seen:
    """Ask one cluster (or the mirror) for `path` of any snapshot, through the edge's private socket."""
    return _see(
        lambda: _get(
            unixsocket.HTTPConnection(socket, timeout),
            path,
            {"x-portico-cluster": cluster, "x-portico-snapshot": snapshot},
        ),
        lambda found: answer.judge(found, expected_digest),
    )


def seen_in(home: Home, cluster: str, snapshot: Digest, path: str, expected_digest: Digest) -> Seen:
    """`inside`, in a stack's home, with the patience of a visitor."""
    return inside(home.inside_socket, cluster, snapshot, path, expected_digest, 5)


def fetch(door: Door, path: str, timeout: float) -> answer.Answer:
    """What a visitor is answered. Raises OSError or HTTPException."""
    return _get(door.connection(timeout), path)


def _see(get: Callable[[], answer.Answer], judge: Callable[[answer.Answer], tuple[What, str]]) -> Seen:
    started, status = time.monotonic(), None
    try:
        found = get()
        status = found.status
        what, why = judge(found)
    except (OSError, client.HTTPException) as error:
        what, why = unanswered(error)
    return Seen(what, why, time.monotonic() - started, status)


def _get(
    connection: client.HTTPConnection, path: str, headers: Mapping[str, str] = MappingProxyType({})
) -> answer.Answer:
    try:
        target = quote(path, safe="/:@!$&'()*+,;=~-._")
        connection.request("GET", target, headers={"accept-encoding": answer.ACCEPTED, **headers})
        response = connection.getresponse()
        named = {name.lower(): value for name, value in response.getheaders()}
        return answer.Answer(response.status, named, response.read())
    finally:
        connection.close()


def unanswered(error: Exception) -> tuple[What, str]:
    """What it means that there was no whole answer."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return What.CERTIFICATE, error.verify_message
    if isinstance(error, TimeoutError):
        return What.UNREACHABLE, "no answer in time"
    if isinstance(error, (client.BadStatusLine, client.UnknownProtocol)) and not isinstance(error, OSError):
        return What.UNREACHABLE, f"what is answered is not HTTP: {str(error)[:_SHOWN]!r}"
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return What.UNREACHABLE, reason
