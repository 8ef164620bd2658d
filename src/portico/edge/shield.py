"""The shield: tighter limits, and a cache for everything, switched while the edge runs.

The limits are variables of the process, so that raising the shield is a line on the runtime socket; while it
is down, an ordinary request pays nothing for it (docs/decisions/0068).
"""

from __future__ import annotations

from collections.abc import Sequence

from portico.edge.runtime import Runtime, RuntimeRefusedError
from portico.edge.spec import EdgeSpec
from portico.model import SITE

ON, REQUESTS, CONNECTIONS = "proc.shield", "proc.requests", "proc.connections"
CACHE = "others"
"""The second cache, for what is kept under the shield alone: the first look never asks it."""

KEEP_S = 5
"""How long such an answer is kept."""

KEPT = (301, 302, 307, 308, 404)
"""HAProxy keeps nothing but 200, so these are kept as such, with a note of what they are."""

_NOTE = "portico-kept"
"""Not `x-portico-`: those are taken away also from what comes out of the cache."""

UP = f"{{ var({ON}) -m int gt 0 }}"
DOWN = f"!{UP}"
_NOT_KEPT = "{ res.hdr(cache-control) -m sub no-store no-cache private }"
_WHOLE = "!{ var(txn.ranged) -m found }"
"""A part of a page is a replica's to answer; under the shield it is answered with the whole."""


def values(spec: EdgeSpec) -> dict[str, int]:
    """Each variable and what it is; the limits count over 10 s."""
    limits = spec.limits
    usual = limits.requests_per_second, limits.connections_per_address
    tight = limits.shield_requests_per_second, limits.shield_connections
    requests, connections = tight if spec.shield else usual
    return {ON: int(spec.shield), REQUESTS: requests * 10, CONNECTIONS: connections}


def variables(spec: EdgeSpec) -> list[str]:
    """For the global section."""
    return [f"set-var {name} int({value})" for name, value in values(spec).items()]


def too_many_requests() -> str:
    return f"{{ sc0_http_req_rate,sub({REQUESTS}) gt 0 }}"


def too_many_connections() -> str:
    return f"{{ sc0_conn_cur,sub({CONNECTIONS}) gt 0 }}"


def cache() -> list[str]:
    return [
        "# what is kept under the shield alone: redirects, pages that aren't there or want not to be kept",
        "total-max-size 4",
        "max-object-size 65536",
        f"max-age {KEEP_S}",
        "process-vary on",
        "max-secondary-entries 4",
    ]


def from_the_cache() -> list[str]:
    return [f"http-request cache-use {CACHE} if {UP}"]


def to_the_cache(cache_control: str) -> list[str]:
    """In the cache's eyes these are 200; on the way out they get their status back."""
    noted = f"{{ res.hdr({_NOTE}) -m found }}"
    kept = " ".join(str(status) for status in KEPT)
    return [
        f"http-response cache-store {SITE} if {_WHOLE}",
        "# under the shield the rest is kept, too, for some seconds: as a 200 with a note of what it is",
        f"http-response allow if {DOWN}",
        f"http-response set-header {_NOTE} %[status] if {{ status {kept} }}",
        f"http-response set-header {_NOTE} 200 if {{ status 200 }} {_NOT_KEPT}",
        f"http-response allow if !{noted}",
        f'http-response set-header cache-control "{cache_control}"',
        "http-response set-status 200",
        f"http-response cache-store {CACHE}",
        f"http-after-response allow if !{noted}",
        *(f"http-after-response set-status {one} if {{ res.hdr({_NOTE}) {one} }}" for one in KEPT),
        f"http-after-response del-header {_NOTE}",
    ]


def commands(spec: EdgeSpec) -> Sequence[str]:
    """What an operator would type, too."""
    return [f"set var {name} int({value})" for name, value in values(spec).items()]


def switch(api: Runtime, spec: EdgeSpec) -> None:
    """Make the running edge what `spec` says. Raises UnavailableError or RuntimeRefusedError."""
    line = "; ".join(["experimental-mode on", *commands(spec)])
    if answer := api.ask(line).strip():
        raise RuntimeRefusedError(f"HAProxy refused `{line}`: {answer}")


def is_up(api: Runtime) -> bool | None:
    """None where the edge runs a configuration from before there was a shield."""
    answer = api.ask(f"experimental-mode on; get var {ON}")
    _, found, value = answer.partition("value=<")
    return value.startswith("1") if found else None
