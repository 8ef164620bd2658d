"""The rules of each door, in two looks.

`first_look` is all that an ordinary visitor's request for a cached page runs through, so each line there is
paid by everyone (docs/decisions/0030). Whatever it can't answer goes on to `second_look`, which brings every
request into one form, asks the cache again, and lets only what is in order reach a replica.
"""

from __future__ import annotations

from collections.abc import Iterable

from portico.edge import errors, logged, posts, shield, vitals
from portico.edge.runtime import MAP, STATUS_MAP
from portico.edge.spec import EdgeSpec, bracketed
from portico.model import MIRROR, SITE, STATUS

USUAL_BROWSERS = ("gzip, deflate, br, zstd", "gzip, deflate, br", "br")
"""The Accept-Encoding of today's browsers, compared whole; any other is parsed in the second look."""

LIVE = f"str({SITE}),map({MAP},none)"
STATUS_LIVE = f"str({STATUS}),map({STATUS_MAP},none)"
SHORT = "bytes(0,16)"
"""So much of a snapshot's id stands in the cache's keys, which are hashed for each request."""


def connections() -> list[str]:
    return [
        "tcp-request connection track-sc0 src table addresses",
        f"tcp-request connection reject if {shield.too_many_connections()}",
    ]


def first_look(spec: EdgeSpec) -> list[str]:
    return [
        *connections(),
        *_usual(spec),
        *logged.sampled(spec.country_header),
        f"http-request deny deny_status 429 if {shield.too_many_requests()}",
        "# what isn't usual skips the rest here",
        "http-request allow if !usual or special",
        f"http-request set-path /br/%[{LIVE},{SHORT}]%[path]",
        f"http-request cache-use {SITE}",
        *vitals.routed(),
        *posts.routed(),
        f"default_backend {SITE}",
    ]


def redirect(spec: EdgeSpec) -> list[str]:
    """Plain HTTP has one answer: the same address over TLS."""
    port = "" if spec.https_port == 443 else f":{spec.https_port}"
    return [
        *connections(),
        f"{errors.http_return(errors.page(421))} if !{_ours(spec)}",
        f"http-request redirect code 308 location https://%[req.hdr(host),host_only,lower]{port}%[pathq]",
    ]


def inside(spec: EdgeSpec) -> list[str]:
    """The private door: the asker may choose the snapshot, and one cluster, whose answers aren't cached."""
    clusters = " ".join((*spec.clusters, MIRROR))
    return [
        "acl chosen req.hdr(x-portico-snapshot) -m found",
        "acl pinned req.hdr(x-portico-cluster) -m found",
        "http-request deny deny_status 400 if chosen !{ req.hdr(x-portico-snapshot) -m reg ^[0-9a-f]{64}$ }",
        f"http-request deny deny_status 400 if pinned !{{ req.hdr(x-portico-cluster) -m str {clusters} }}",
        f"http-request set-header host {spec.host}",
        f"http-request set-var(txn.live) {LIVE}",
        "http-request set-var(txn.live) req.hdr(x-portico-snapshot) if chosen",
        "use_backend only-%[req.hdr(x-portico-cluster)] if pinned",
        f"default_backend {SITE}",
    ]


def for_posts(spec: EdgeSpec) -> list[str]:
    """What a visitor sends, instead of the second look."""
    return [
        *_as_asked(spec),
        f"{errors.http_return(errors.page(421))} if !{_ours(spec)}",
        *posts.in_order(spec),
        _NOTHING_LIVE,
        f"http-request set-header host {spec.host}",
        *posts.for_the_replica(),
        *posts.answers(),
    ]


def for_vitals(spec: EdgeSpec) -> list[str]:
    """What a visitor's browser measured, instead of the second look."""
    return vitals.backend(spec, _among(spec.hosts))


def second_look(spec: EdgeSpec, *, cached: bool) -> list[str]:
    """`cached` is off for a backend that is asked for what its own replicas say."""
    return [
        *_as_asked(spec),
        *_in_order(spec),
        *_normal(spec),
        *(_FROM_THE_CACHE if cached else []),
        *_for_the_replica(),
        *_answers(),
        *(shield.to_the_cache(REVALIDATED) if cached else []),
    ]


_FROM_THE_CACHE = (
    "# HAProxy's cache answers a range with the whole, so a replica is asked",
    f"http-request set-var(txn.ranged) bool(true) if {{ req.fhdr(range) -m found }} {shield.DOWN}",
    f"http-request cache-use {SITE} if !{{ var(txn.ranged) -m found }}",
    *shield.from_the_cache(),
)


def _usual(spec: EdgeSpec) -> list[str]:
    """The status page is another site, so it isn't usual: a longer name that begins so gets 421 later on."""
    values = " ".join(f'"{value}"' for value in USUAL_BROWSERS)
    host = spec.status_host
    return [
        f"acl usual req.fhdr(accept-encoding) -m str {values}",
        "acl special req.fhdr(cache-control) -m found",
        "acl special req.fhdr(range) -m found",
        *([f"acl special req.fhdr(host) -m beg -i {host}"] if host else []),
    ]


def _as_asked(spec: EdgeSpec) -> list[str]:
    host = spec.status_host
    of_status = f"{{ req.hdr(host),host_only -m str -i {host} }}"
    return [
        "# back to the path that was asked for: the first look changed it, the private door didn't",
        "acl known var(txn.live) -m found",
        *_usual(spec),
        r"http-request replace-path ^/br/[^/]*(.*)$ \1 if usual !special !known",
        *([f"http-request set-var(txn.live) {STATUS_LIVE} if !known {of_status}"] if host else []),
        f"http-request set-var(txn.live) {LIVE} if !known",
    ]


def _in_order(spec: EdgeSpec) -> list[str]:
    longest = spec.limits.path_bytes
    return [
        "# the site is read-only, known by its names, and asked without a body",
        "http-request deny deny_status 405 if !{ method GET HEAD }",
        f"{errors.http_return(errors.page(421))} if !{_ours(spec)}",
        "http-request deny deny_status 413 if { req.hdr(content-length),add(0) gt 0 }",
        "http-request wait-for-body time 1s at-least 1",
        "http-request deny deny_status 413 if { req.body_len gt 0 }",
        "# tricks with the path",
        f"http-request deny deny_status 400 if {{ path_len gt {longest} }}",
        f"http-request deny deny_status 400 if {{ query,length gt {longest} }}",
        "http-request deny deny_status 400 if !{ path -m beg / }",
        *(f"http-request deny deny_status 400 if {{ path -m reg -i '{trick}' }}" for trick in TRICKS),
        "# nothing was published yet",
        _NOTHING_LIVE,
    ]


_NOTHING_LIVE = "http-request deny deny_status 503 if { var(txn.live) -m str none }"


TRICKS = (
    r"^//",
    r"/(\.|%2e){1,2}(/|$)",
    r"%(00|2f|5c|[01][0-9a-f]|7f)",
    r"%(?![0-9a-f]{2})",
    r"[^!$-;=@-Z_a-z~\[\]]",
)
"""Another host, dot segments, encoded slashes and controls, broken escapes, bytes no URL has."""


def _normal(spec: EdgeSpec) -> list[str]:
    """A visitor's wish for a fresh copy is met already, his query means nothing to pages that are files."""
    unset = "!{ var(txn.coding) -m found }"
    return [
        "# one host, one of four codings, no query: the cache holds each page once for each coding",
        f"http-request set-header host {spec.host}",
        "http-request del-header cache-control",
        "http-request del-header pragma",
        *(f"http-request set-var(txn.coding) str({name}) if {unset} {_takes(name)}" for name in CODINGS),
        f"http-request set-var(txn.coding) str(identity) if {unset}",
        "http-request set-var(txn.query) query",
        f"http-request set-pathq /%[var(txn.coding)]/%[var(txn.live),{SHORT}]%[path]",
    ]


CODINGS = ("br", "zstd", "gzip")


def _takes(coding: str) -> str:
    """Named, and not with a weight of zero."""
    weight = r"([ \t]*;[ \t]*q=(1(\.0*)?|0\.0*[1-9][0-9]*))?"
    return rf"{{ req.fhdr(accept-encoding) -m reg -i '(^|,)[ \t]*{coding}{weight}[ \t]*(,|$)' }}"


def _for_the_replica() -> list[str]:
    return [
        "# what a replica gets: /<snapshot><path>?<query>, the coding, nothing that it could mistake",
        "http-request del-header x-portico- -m beg",
        "http-request set-header accept-encoding %[var(txn.coding)]",
        r"http-request replace-path ^/[a-z]+/[0-9a-f]+(/.*)$ /%[var(txn.live)]\1",
        "http-request set-query %[var(txn.query)] if { var(txn.query) -m len gt 0 }",
    ]


REVALIDATED = "public, max-age=00, must-revalidate"


def _answers() -> list[str]:
    """Kept here for a day, by browsers for no time: HAProxy keeps nothing that says `max-age=0`, but `00`."""
    shared = "{ res.hdr(cache-control) -m beg s-maxage= }"
    return [
        "# what a replica said, before it is kept and shown",
        f'http-response set-header cache-control "{REVALIDATED}" if {shared}',
        "http-response del-header server",
        "http-response del-header x-portico- -m beg",
    ]


def _ours(spec: EdgeSpec) -> str:
    return _among(spec.names)


def _among(hosts: Iterable[str]) -> str:
    """The request is for one of these hosts, whatever the port and the case."""
    names = " ".join(bracketed(host) for host in hosts)
    return f"{{ req.hdr(host),host_only -m str -i {names} }}"
