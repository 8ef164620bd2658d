"""HAProxy's configuration as text, from a spec alone; paths are relative to the home."""

from __future__ import annotations

from portico.config import pace
from portico.edge import errors, logged, posts, rules, shield, vitals
from portico.edge.spec import EdgeSpec, Server
from portico.model import MIRROR, SITE

CIPHERS = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
)
"""Mozilla's intermediate profile, less its two DHE suites, which need a parameter file and serve nobody."""
CIPHERSUITES = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
CURVES = "X25519:prime256v1:secp384r1"

LARGEST_CACHED = 2 << 20
"""Bytes; larger files come from the replicas, which send them without copying."""


def haproxy_cfg(spec: EdgeSpec) -> str:
    """The whole configuration file."""
    sections = [
        ["# Made by Portico from portico.toml; changes here are overwritten. Check: portico config check"],
        _global(spec),
        _cache(spec),
        _section(f"cache {shield.CACHE}", *shield.cache()),
        _defaults(spec),
        _addresses(),
        _section(f"backend {posts.TABLE} from base", *posts.table()),
        _section(f"backend {vitals.TABLE} from base", *vitals.table()),
        *_doors(spec),
        *_backends(spec),
    ]
    return "\n\n".join("\n".join(lines) for lines in sections) + "\n"


def _section(title: str, *lines: str) -> list[str]:
    return [title, *(f"    {line}" if line else "" for line in lines)]


def _global(spec: EdgeSpec) -> list[str]:
    identity = [f"user {spec.user}"] if spec.user else []
    identity += [f"group {spec.group}"] if spec.group else []
    return _section(
        "global",
        "# the runtime API: echo 'show stat' | socat run/edge.sock -",
        "stats socket unix@run/edge.sock mode 600 level admin expose-fd listeners",
        "stats timeout 10s",
        *identity,
        f"nbthread {spec.threads}",
        f"maxconn {spec.limits.connections}",
        "hard-stop-after 60s",
        "# a share of the requests is told to the watcher; nothing is lost when nobody listens",
        f"log unix@{logged.SOCKET} format raw local0",
        "# the limits for each address, which the shield tightens while the edge runs",
        *shield.variables(spec),
        "# more headers than that are an attack: 400",
        f"tune.http.maxhdr {spec.limits.headers}",
        "tune.h2.max-concurrent-streams 100",
        "# few connections at a time: their buffers fit the cache of each thread, and malloc is spared",
        "tune.maxpollevents 8",
        "# Mozilla's intermediate profile",
        "ssl-default-bind-options ssl-min-ver TLSv1.2 prefer-client-ciphers",
        f"ssl-default-bind-ciphers {CIPHERS}",
        f"ssl-default-bind-ciphersuites {CIPHERSUITES}",
        f"ssl-default-bind-curves {CURVES}",
        "tune.ssl.cachesize 20000",
        "tune.ssl.lifetime 24h",
    )


def _cache(spec: EdgeSpec) -> list[str]:
    return _section(
        f"cache {SITE}",
        "# keys hold the snapshot's id, so nothing here is ever stale",
        f"total-max-size {spec.cache_mib}",
        f"max-object-size {min(LARGEST_CACHED, (spec.cache_mib << 20) // 2)}",
        "max-age 86400",
        "process-vary on",
        "max-secondary-entries 4",
    )


def _defaults(spec: EdgeSpec) -> list[str]:
    limits = spec.limits
    return _section(
        "defaults base",
        "mode http",
        "# the headers of a request must arrive within this, whatever their pace",
        f"timeout http-request {_ms(limits.request_timeout)}",
        f"timeout http-keep-alive {_ms(limits.keep_alive)}",
        f"timeout client {_ms(limits.idle)}",
        f"timeout connect {pace.EDGE_CONNECT_MS}ms",
        "# a replica that is silent for this long is hung; its request goes to another one",
        f"timeout server {pace.HUNG_MS}ms",
        "option http-ignore-probes",
        "# a reload closes no connection that waits for its next request",
        "option idle-close-on-response",
        "# what the edge answers by itself",
        *(errors.http_error(page) for page in errors.PAGES if page.status in errors.BUILT_IN),
    )


def _addresses() -> list[str]:
    return _section(
        "backend addresses from base",
        "# one row for each address: its connections now, its requests in the last 10 s",
        "stick-table type ipv6 size 200k expire 60s store conn_cur,http_req_rate(10s)",
    )


def _doors(spec: EdgeSpec) -> list[list[str]]:
    tls = 'bind "fd@${PORTICO_FD_HTTPS}" ssl crt edge/site.pem alpn h2,http/1.1'
    doors = [
        _section("frontend https from base", tls, *_told(), *rules.first_look(spec)),
        _section("frontend http from base", 'bind "fd@${PORTICO_FD_HTTP}"', *rules.redirect(spec)),
        _section("frontend inside from base", "bind unix@run/inside.sock mode 600", *rules.inside(spec)),
        _section(f"frontend {vitals.DOOR} from base", *vitals.door(spec)),
    ]
    if spec.plain:
        bind = f'bind "fd@${{{spec.plain}}}"'
        doors.append(_section("frontend plain from base", bind, *_told(), *rules.first_look(spec)))
    return doors


def _told() -> list[str]:
    return ["log global", f'log-format "{logged.FORMAT}"', f'error-log-format "{logged.BROKEN}"']


def _backends(spec: EdgeSpec) -> list[list[str]]:
    everyone = _section(
        f"backend {SITE} from base",
        *rules.second_look(spec, cached=True),
        "",
        *_resilience(spec),
        "option httpchk",
        "http-check send meth GET uri /-/ready hdr host localhost",
        "# down at once by a refused connection, else by two failed checks; up again by a good one",
        f"default-server check inter {pace.EDGE_CHECK_MS}ms fastinter {pace.EDGE_CHECK_AGAIN_MS}ms"
        f" fall {pace.EDGE_FALL} rise {pace.EDGE_RISE}",
        f"default-server maxconn {spec.limits.per_replica}",
        "default-server observe layer4 error-limit 1 on-error mark-down",
        *(_server(server) for server in spec.servers),
        "# the last resort is never checked, so it is asked even when every check fails",
        f"server {MIRROR} unix@{spec.mirror} no-check backup",
    )
    pinned = [_pinned(spec, cluster) for cluster in spec.clusters]
    last = _section(
        f"backend only-{MIRROR} from base",
        *rules.second_look(spec, cached=False),
        f"server {MIRROR} unix@{spec.mirror}",
    )
    sent = _section(f"backend {posts.BACKEND} from base", *rules.for_posts(spec), "", *posts.resilience(spec))
    measured = _section(f"backend {vitals.BACKEND} from base", *rules.for_vitals(spec))
    return [everyone, *pinned, last, sent, measured]


def _pinned(spec: EdgeSpec, cluster: str) -> list[str]:
    """One cluster alone, for whoever looks from inside."""
    servers = [server for server in spec.servers if server.cluster == cluster]
    return _section(
        f"backend only-{cluster} from base",
        *rules.second_look(spec, cached=False),
        *_resilience(spec),
        *(f"server {one.name} unix@{one.socket} track {SITE}/{one.name}" for one in servers),
    )


def _resilience(spec: EdgeSpec) -> list[str]:
    return [
        "balance roundrobin",
        "http-reuse always",
        "# a request walks past every dead slot, up to the mirror, before a visitor sees an error",
        "option redispatch 1",
        f"retries {len(spec.servers) + 2}",
        "# the request of a visitor who left is not worth a replica's time",
        "option abortonclose",
        "timeout queue 2s",
        "retry-on conn-failure empty-response response-timeout 502 503 504",
    ]


def _server(server: Server) -> str:
    state = "" if server.enabled else " disabled"
    return f"server {server.name} unix@{server.socket} weight {server.weight}{state}"


def _ms(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms"
