"""What visitors' browsers measured: a small post to `/-/vitals`, which the edge answers itself.

No replica sees it and no Python stands in a visitor's way: what is in order goes to a listener behind the
door, whose log line is what was measured, and whose log is the watcher (`watch/collect/vitals.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from portico.edge import posts, shield
from portico.edge.spec import EdgeSpec

BACKEND, DOOR, TABLE = "vitals", "heard", "visits"
PATH = "/-/vitals"
SOCKET = "run/visitors.sock"
_DOOR_SOCKET = "run/vitals.sock"

MOST_BYTES = 128
MOST_PER_SECOND = 200
"""Of all visitors together: more say nothing that these don't."""

SHAPE = r"^kind=[a-z-]{1,24}&device=(phone|desktop)(&(lcp|inp|ttfb|cls)=[0-9]{1,5}){1,4}$"
"""The whole of a body: times in ms, the shift in thousandths."""

_LONGEST = 60_000
_MOST_SHIFTED = 10_000
_SCALE = 1000.0


@dataclass(frozen=True, slots=True)
class Visit:
    """What one browser measured: seconds by `lcp`, `inp`, `ttfb`, and the share of the screen by `cls`."""

    kind: str
    device: str
    values: dict[str, float]


def parse(datagram: bytes) -> Visit | None:
    """None for what isn't in order: whoever writes to the socket, nothing else becomes a number."""
    text = datagram.decode("ascii", errors="replace").removesuffix("\n")
    if len(text) > MOST_BYTES or not re.fullmatch(SHAPE, text):
        return None
    pairs = [pair.split("=") for pair in text.split("&")]
    told = dict(pairs)
    kind, device = told.pop("kind"), told.pop("device")
    values = {name: int(number) for name, number in told.items()}
    if len(values) + 2 != len(pairs) or not all(map(_is_possible, values, values.values())):
        return None
    return Visit(kind, device, {name: value / _SCALE for name, value in values.items()})


def _is_possible(name: str, value: int) -> bool:
    return value <= (_MOST_SHIFTED if name == "cls" else _LONGEST)


def routed() -> list[str]:
    """For each door, before other posts."""
    return [f"use_backend {BACKEND} if {{ method POST }} {{ path -m reg ^(/br/[0-9a-z]+)?{PATH}$ }}"]


def table() -> list[str]:
    return [
        "# one row for each address whose browser told something: how often in the last minute",
        "stick-table type ipv6 size 100k expire 120s store http_req_rate(60s)",
    ]


def backend(spec: EdgeSpec, ours: str) -> list[str]:
    """`ours`: the condition that the host is the site's; its status page's visitors are others."""
    return [
        "http-request set-log-level silent",
        f"http-request return status 421 if !{ours}",
        *posts.from_here(spec),
        "http-request deny deny_status 403 if !told !{ req.hdr(origin) -m found }",
        f"http-request return status 415 if !{{ req.hdr(content-type) -m reg -i {posts.FORM} }}",
        "http-request return status 411 if !{ req.hdr(content-length) -m reg ^[0-9]{1,9}$ }",
        f"http-request deny deny_status 413 if {{ req.hdr(content-length),add(0) gt {MOST_BYTES} }}",
        "# a share of the visits is enough: the site itself comes first",
        f"http-request track-sc1 src,ipmask(32,64) table {TABLE}",
        f"http-request deny deny_status 429 if {{ sc1_http_req_rate gt {spec.limits.visits_per_minute} }}",
        f"http-request deny deny_status 429 if {{ be_sess_rate({BACKEND}) gt {MOST_PER_SECOND} }}",
        f"http-request deny deny_status 429 if {shield.UP}",
        "http-request wait-for-body time 1s",
        f"http-request deny deny_status 400 if !{{ req.body -m reg '{SHAPE}' }}",
        f"http-request set-path {PATH}",
        "http-response set-header cache-control no-store",
        "option httpclose",
        "timeout queue 1s",
        f"server {DOOR} unix@{_DOOR_SOCKET} maxconn 64",
    ]


def door(spec: EdgeSpec) -> list[str]:
    """Answers, and tells the watcher; nothing is lost but numbers when nobody listens."""
    owner = f" user {spec.user}" if spec.user else ""
    return [
        f"bind unix@{_DOOR_SOCKET} mode 600{owner}",
        f"log unix@{SOCKET} format raw local0",
        'log-format "%[var(txn.told)]"',
        'error-log-format "-"',
        "http-request wait-for-body time 1s",
        "http-request set-var(txn.told) req.body",
        "http-request return status 204",
    ]
