"""The rules for what visitors send: a form's body to `/-/intake/<form>`, and nothing else, nowhere else.

A post is told from the rest after the first look, so that who reads pays nothing for those who write.
"""

from __future__ import annotations

from portico.edge import errors, shield
from portico.edge.errors import Page
from portico.edge.spec import EdgeSpec, bracketed
from portico.model import SITE

BACKEND = "intake"
TABLE = "posts"
SUSPICIOUS = "x-portico-suspicious"
"""Header by which a replica is told to ask for a proof of work."""
CODE = "x-portico-code"
"""Header with the code that stood behind a form's name."""

MOST_BYTES = 65536
ANSWER_S = 4
"""So long a replica may take: it writes to two disks, and asks each replica of the other cluster in turn."""
AT_ONCE = 64
"""Posts that one replica is given at once."""

_LENGTH = Page(411, "Length required", "A form says how long it is.")
_KIND = Page(415, "Not a form", "This site takes what its forms send, without files.")
_TOO_LONG = Page(413, "Too long", "Nothing was sent. Please go back and shorten what you wrote.")
_OTHER_SITE = Page(403, "Not allowed", "This form was sent from another site.")
_LATER = Page(
    503,
    "Please try again in a moment",
    "Nothing was sent. Please go back: what you wrote should still be there.",
    (("retry-after", "5"),),
)


def table() -> list[str]:
    return [
        "# one row for each address that posts, in IPv6 for its network: its posts in the last minute",
        "stick-table type ipv6 size 100k expire 120s store http_req_rate(60s)",
    ]


def routed() -> list[str]:
    """For each door, after its first look: evaluated for what the cache didn't answer alone."""
    return [f"use_backend {BACKEND} if {{ method POST }}"]


def in_order(spec: EdgeSpec) -> list[str]:
    """Only a form's own body, from a page of this site, at a person's pace."""
    return [
        "# only to a form, only what a form of this site sends, at a person's pace",
        "http-request deny deny_status 405 if !{ path -m beg /-/intake/ }",
        *_coded(spec),
        "http-request deny deny_status 404 if !{ path -m reg ^/-/intake/[a-z0-9-]{1,64}$ }",
        *from_here(spec),
        *_kinds(spec),
        f"{errors.http_return(_LENGTH)} if !{{ req.hdr(content-length) -m reg ^[0-9]{{1,9}}$ }}",
        f"{errors.http_return(_TOO_LONG)} if {{ req.hdr(content-length),add(0) gt {MOST_BYTES} }}",
        f"http-request track-sc1 src,ipmask(32,64) table {TABLE}",
        f"http-request deny deny_status 429 if {{ sc1_http_req_rate gt {spec.limits.posts_per_minute} }}",
        "# a replica is told what is its own to judge, and nothing that a visitor says about himself",
        "http-request del-header x-portico- -m beg",
        *(
            [f"http-request set-header {CODE} %[var(txn.code)] if {{ var(txn.code) -m found }}"]
            if spec.status_host
            else []
        ),
        *_suspected(spec),
        "# as much of it as fits into a buffer must arrive as quickly as headers must",
        f"http-request wait-for-body time {round(spec.limits.request_timeout * 1000)}ms",
    ]


FORM = r"'^application/x-www-form-urlencoded[ \t]*(;|$)'"
MULTIPART = r"'^multipart/form-data[ \t]*(;|$)'"


def _coded(spec: EdgeSpec) -> list[str]:
    """Mail programs leave by posting to an address that ends in the subscriber's code (RFC 8058)."""
    if not spec.status_host:
        return []
    return [
        rf"http-request set-var(txn.code) path,regsub(^/-/intake/status-leave/,) if {{ {_CODED} }}",
        rf"http-request set-path /-/intake/status-leave if {{ {_CODED} }}",
    ]


_BY_CODE = "path -m reg ^/-/intake/status-(confirm|leave)(-[a-z]{2})?$"
"""In each of the page's languages."""
_CODED = "path -m reg ^/-/intake/status-leave/[a-z0-9]{16}$"


def _kinds(spec: EdgeSpec) -> list[str]:
    """RFC 8058 has mail programs leave by multipart/form-data first; nobody else has a use for it here."""
    refused, form = errors.http_return(_KIND), f"{{ req.hdr(content-type) -m reg -i {FORM} }}"
    if not spec.status_host:
        return [f"{refused} if !{form}"]
    return [
        f"acl multipart req.hdr(content-type) -m reg -i {MULTIPART}",
        f"{refused} if !{form} !multipart",
        f"{refused} if multipart !{{ var(txn.code) -m found }}",
    ]


def from_here(spec: EdgeSpec) -> list[str]:
    """Browsers say where a form was sent from; one that hides the name says that it is the same site."""
    return [
        f"acl here req.hdr(origin) -m str -i {' '.join(_origins(spec))}",
        "acl hidden req.hdr(origin) -m str null",
        "acl told req.hdr(sec-fetch-site) -m found",
        "acl same req.hdr(sec-fetch-site) -m str same-origin none",
        f"{errors.http_return(_OTHER_SITE)} if {{ req.hdr(origin) -m found }} !here !hidden",
        f"{errors.http_return(_OTHER_SITE)} if hidden !same",
        f"{errors.http_return(_OTHER_SITE)} if told !same",
    ]


def _origins(spec: EdgeSpec) -> list[str]:
    port = "" if spec.https_port == 443 else f":{spec.https_port}"
    return [f"https://{bracketed(host)}{port}" for host in spec.names]


def _suspected(spec: EdgeSpec) -> list[str]:
    """A proof is asked of all but who posts a subscriber's code: nobody guesses one."""
    signs = (
        shield.UP,
        f"{{ sc1_http_req_rate gt {spec.limits.usual_posts_per_minute} }}",
        f"{{ be_sess_rate({BACKEND}) gt {spec.limits.usual_posts_per_second} }}",
    )
    known = f" !{{ {_BY_CODE} }}" if spec.status_host else ""
    return [f"http-request set-header {SUSPICIOUS} yes if {sign}{known}" for sign in signs]


def for_the_replica() -> list[str]:
    """Straight to the form in the live snapshot."""
    return [
        "# /<snapshot>/-/intake/<form>, without a query",
        "http-request set-pathq /%[var(txn.live)]%[path]",
        "http-request del-header accept-encoding",
        "http-request del-header cookie",
    ]


def answers() -> list[str]:
    return [
        "http-response set-header cache-control no-store",
        "http-response del-header server",
        "http-response del-header x-portico- -m beg",
    ]


def resilience(spec: EdgeSpec) -> list[str]:
    """A post that is tried again is known by its key, so it makes one entry. The mirror takes none."""
    return [
        errors.http_error(_LATER),
        "balance roundrobin",
        "http-reuse always",
        "option redispatch 1",
        f"retries {len(spec.servers) + 1}",
        "retry-on conn-failure empty-response response-timeout 502 503 504",
        "timeout queue 2s",
        f"timeout server {ANSWER_S}s",
        f"default-server maxconn {AT_ONCE}",
        *(f"server {one.name} unix@{one.socket} track {SITE}/{one.name}" for one in spec.servers),
    ]
