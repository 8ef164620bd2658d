"""The line that the edge sends for a share of its requests, to whoever listens: `watch/collect/edge_log.py`.

No address, no path, no header: nothing about the visitor leaves the edge.
"""

from __future__ import annotations

from dataclasses import dataclass

SOCKET = "run/edge-log.sock"
USER = "haproxy"
"""Whom the edge's worker becomes when it is started by root; the socket has to be his."""

ONE_OF = 16
"""Of so many requests one is told, chosen by chance."""

FORMAT = "%Tw %Tc %Tr %s"
BROKEN = "-"
"""For a connection that never came to a request; HAProxy's own words would name its address."""

FROM_CACHE = "<CACHE>"


@dataclass(frozen=True, slots=True)
class Line:
    """A request: how long until its answer began, in seconds; `server` is a replica's name or FROM_CACHE."""

    waited: float
    server: str


def parse(datagram: bytes) -> Line | None:
    """None for a request that no server answered, whose times mean nothing, and for what isn't ours.

    HAProxy counts whole milliseconds, cut off; in the mean half of one is lost.
    """
    try:
        *times, server = datagram.decode("ascii").split()
        queued, connected, answered = map(int, times)
    except ValueError:
        return None
    if min(queued, connected, answered) < 0:
        return None
    return Line((queued + connected + answered + 0.5) / 1000, server)
