"""The rules of each door.

Every visitor's request runs through `public`, a few cheap lines; `uncached` is only for those that the cache
can't answer, and may cost more.
"""

from __future__ import annotations

from portico.edge import errors
from portico.edge.spec import EdgeSpec, bracketed
from portico.model import MIRROR, SITE

USUAL_BROWSERS = ("gzip, deflate, br, zstd", "gzip, deflate, br", "br")
"""The Accept-Encoding of today's browsers, compared whole; any other is parsed."""


def limits(spec: EdgeSpec) -> list[str]:
    """Per address. Counted by connection, so that a request costs no look-up of its own."""
    requests = spec.limits.requests_per_second * 10
    return [
        "tcp-request connection track-sc0 src table addresses",
        f"tcp-request connection reject if {{ sc0_conn_cur gt {spec.limits.connections_per_address} }}",
        f"http-request deny deny_status 429 if {{ sc0_http_req_rate gt {requests} }}",
    ]


def public(spec: EdgeSpec) -> list[str]:
    return [
        *_host(spec),
        *_normal(),
        f"http-request set-pathq /%[var(txn.coding)]/%[str({SITE}),map(edge/live.map,none)]%[path]",
        f"http-request cache-use {SITE}",
        f"default_backend {SITE}",
    ]


def redirect(spec: EdgeSpec) -> list[str]:
    """Plain HTTP has one answer: the same address over TLS."""
    port = "" if spec.https_port == 443 else f":{spec.https_port}"
    names = " ".join(bracketed(host) for host in spec.hosts)
    return [
        "tcp-request connection track-sc0 src table addresses",
        f"tcp-request connection reject if {{ sc0_conn_cur gt {spec.limits.connections_per_address} }}",
        f"{errors.http_return(errors.page(421))} if !{{ req.hdr(host),host_only -m str -i {names} }}",
        f"http-request redirect code 308 location https://%[req.hdr(host),host_only,lower]{port}%[pathq]",
    ]


def inside(spec: EdgeSpec) -> list[str]:
    """The private door: as `public`, but the asker may choose the snapshot, and uncached the cluster."""
    clusters = " ".join((*spec.clusters, MIRROR))
    return [
        "acl chosen req.hdr(x-portico-snapshot) -m found",
        "acl pinned req.hdr(x-portico-cluster) -m found",
        "http-request deny deny_status 400 if chosen !{ req.hdr(x-portico-snapshot) -m reg ^[0-9a-f]{64}$ }",
        f"http-request deny deny_status 400 if pinned !{{ req.hdr(x-portico-cluster) -m str {clusters} }}",
        f"http-request set-header host {spec.host}",
        *_normal(),
        f"http-request set-var(txn.live) str({SITE}),map(edge/live.map,none)",
        "http-request set-var(txn.live) req.hdr(x-portico-snapshot) if chosen",
        "http-request set-pathq /%[var(txn.coding)]/%[var(txn.live)]%[path]",
        f"http-request cache-use {SITE} if !pinned",
        "use_backend only-%[req.hdr(x-portico-cluster)] if pinned",
        f"default_backend {SITE}",
    ]


def _host(spec: EdgeSpec) -> list[str]:
    """One Host for all names that we answer to, so that the cache holds each page once."""
    names = " ".join(bracketed(host) for host in spec.hosts)
    return [
        f"acl usual_host req.fhdr(host) -m str {spec.host}",
        f"acl our_host req.hdr(host),host_only -m str -i {names}",
        f"http-request set-header host {spec.host} if !usual_host our_host",
    ]


def _normal() -> list[str]:
    """A visitor's wish for a fresh copy is met already, his query means nothing to pages that are files."""
    usual = " ".join(f'"{value}"' for value in USUAL_BROWSERS)
    return [
        "http-request del-header cache-control",
        "http-request del-header pragma",
        "http-request set-var(txn.query) query if { query -m found }",
        f"acl usual_coding req.fhdr(accept-encoding) -m str {usual}",
        "http-request set-var(txn.coding) str(br) if usual_coding or { " + _takes("br") + " }",
        "http-request set-var(txn.coding) str(zstd) if !{ var(txn.coding) -m found } { "
        + _takes("zstd")
        + " }",
        "http-request set-var(txn.coding) str(gzip) if !{ var(txn.coding) -m found } { "
        + _takes("gzip")
        + " }",
        "http-request set-var(txn.coding) str(identity) if !{ var(txn.coding) -m found }",
    ]


def _takes(coding: str) -> str:
    """Named, and not with a weight of zero."""
    weight = r"([ \t]*;[ \t]*q=(1(\.0*)?|0\.0*[1-9][0-9]*))?"
    return rf"req.fhdr(accept-encoding) -m reg -i '(^|,)[ \t]*{coding}{weight}[ \t]*(,|$)'"


def uncached(spec: EdgeSpec) -> list[str]:
    """A request that the cache has no answer for, before a replica sees it."""
    longest = spec.limits.path_bytes
    return [
        "# the site is read-only, known by its names, and asked without a body",
        "http-request deny deny_status 405 if !{ method GET HEAD }",
        f"{errors.http_return(errors.page(421))} if !{{ req.fhdr(host) -m str {spec.host} }}",
        "http-request deny deny_status 413 if { req.hdr(content-length),add(0) gt 0 }",
        "http-request wait-for-body time 1s at-least 1",
        "http-request deny deny_status 413 if { req.body_len gt 0 }",
        "# tricks with the path: too long, dot segments, a second slash first, bytes that no path has",
        f"http-request deny deny_status 400 if {{ var(txn.query),length gt {longest} }}",
        *(f"http-request deny deny_status 400 if {{ path -m reg -i '{trick}' }}" for trick in TRICKS),
        "http-request deny deny_status 503 if { path -m beg /br/none /zstd/none /gzip/none /identity/none }",
        "http-request deny deny_status 400 if !{ path -m reg ^/[a-z]+/[0-9a-f]{64}/ }",
        "# what a replica gets: /<snapshot><path>, the coding that was chosen, nothing that it could mistake",
        "http-request del-header x-portico- -m beg",
        "http-request set-header accept-encoding %[var(txn.coding)]",
        r"http-request replace-path ^/[a-z]+(/.*)$ \1",
        f"http-request deny deny_status 400 if {{ path_len gt {longest + len('/') + 64} }}",
        "http-request set-query %[var(txn.query)] if { var(txn.query) -m found }",
    ]


TRICKS = (
    r"/(\.|%2e){1,2}(/|$)",
    r"^/[a-z]+/[0-9a-f]+//",
    r"%(00|2f|5c|[01][0-9a-f]|7f)",
    r"%(?![0-9a-f]{2})",
    r"[^!$-;=@-Z_a-z~\[\]]",
)
"""Of the path after `/<coding>/<snapshot>`; regular expressions, without regard to case."""


REVALIDATED = "max-age=0, must-revalidate, public"
SHARED = "{ res.hdr(cache-control) -m beg s-maxage= }"


def answers() -> list[str]:
    """What a replica said, before it is kept and shown.

    A page's lifetime in this cache is not the visitor's: `public` after `max-age=0` makes HAProxy keep it.
    """
    return [
        f'http-response set-header cache-control "{REVALIDATED}" if {SHARED}',
        "http-response del-header server",
        "http-response del-header x-portico- -m beg",
    ]
