"""All that HAProxy's configuration is made from, as one value. The keeper builds it, `render` reads it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from portico import model
from portico.config.models import Settings
from portico.model import MIRROR


@dataclass(frozen=True, slots=True)
class Server:
    """A slot of the backend; `socket` is relative to the home. Not enabled, it starts in maintenance."""

    name: str
    cluster: str
    socket: str
    enabled: bool = True
    weight: int = 100


@dataclass(frozen=True, slots=True)
class Limits:
    """What one visitor may take, and how long he may take for it; seconds unless the name says otherwise.

    `per_replica` is how many requests a replica is given at once, fewer than wait in its socket's backlog.
    Who posts more often than usual is asked for a proof of work; everybody is when all together do.
    `visits_per_minute` is how often a browser may tell what it measured.
    """

    connections: int = 4096
    connections_per_address: int = 512
    requests_per_second: int = 1000
    request_timeout: float = 5
    keep_alive: float = 15
    idle: float = 20
    path_bytes: int = 2048
    headers: int = 64
    per_replica: int = 1000
    shield_requests_per_second: int = 50
    shield_connections: int = 64
    posts_per_minute: int = 30
    usual_posts_per_minute: int = 10
    usual_posts_per_second: int = 50
    visits_per_minute: int = 60


@dataclass(frozen=True, slots=True)
class EdgeSpec:
    """`https_port` is what visitors see in redirects. `user` is whom a root worker becomes.

    `plain` adds an unencrypted listener with the rules of the https one, at that inherited descriptor's
    variable; benches measure the rules' cost with it. `shield` says that the site is under attack.
    `status_host` has the status page, the second site behind this edge. In `country_header` a proxy in
    front tells where a visitor is.
    """

    hosts: tuple[str, ...]
    https_port: int
    servers: tuple[Server, ...]
    mirror: str = f"run/{MIRROR}/http.sock"
    threads: int = 1
    cache_mib: int = 64
    limits: Limits = field(default_factory=Limits)
    user: str | None = None
    group: str | None = None
    plain: str | None = None
    shield: bool = False
    country_header: str | None = None
    status_host: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every host that is answered."""
        return (*self.hosts, self.status_host) if self.status_host else self.hosts

    @property
    def clusters(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(server.cluster for server in self.servers))

    @property
    def host(self) -> str:
        """The Host header of an ordinary visitor, by which answers are cached."""
        name = bracketed(self.hosts[0])
        return name if self.https_port == 443 else f"{name}:{self.https_port}"


def bracketed(host: str) -> str:
    """The host as it stands in a URL: IPv6 addresses in brackets."""
    return f"[{host}]" if ":" in host else host


def of(settings: Settings, *, https_port: int, enabled: Collection[str], threads: int) -> EdgeSpec:
    """The spec that the settings ask for; `enabled` names the replicas that should get visitors."""
    edge, clusters = settings.edge, settings.clusters
    return EdgeSpec(
        hosts=tuple(host.lower() for host in edge.hosts),
        status_host=settings.status_host,
        https_port=https_port,
        threads=edge.threads or threads,
        cache_mib=edge.cache_mib,
        country_header=edge.country_header,
        limits=Limits(
            connections=edge.max_connections,
            connections_per_address=edge.connections_per_address,
            requests_per_second=edge.requests_per_second,
            posts_per_minute=edge.posts_per_minute,
            usual_posts_per_minute=edge.posts_per_minute // 3,
            visits_per_minute=settings.visitors.per_minute,
            shield_requests_per_second=min(
                edge.requests_per_second, settings.actions.shield_requests_per_second
            ),
            shield_connections=min(edge.connections_per_address, settings.actions.shield_connections),
        ),
        servers=tuple(
            Server(name, cluster, f"run/{name}/http.sock", enabled=name in enabled)
            for cluster in clusters.names
            for name in model.slots(cluster, clusters.max_replicas)
        ),
    )
