"""The settings, as pydantic models: `portico.toml` is read into these, the reference is made from them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from portico.config.console import Console
from portico.config.datadog import Datadog
from portico.config.exporting import Export
from portico.config.responding import Actions, Notify
from portico.config.section import HeaderName, Host, Name, Place, Port, Section
from portico.config.statuspage import StatusPage
from portico.config.studio import Studio
from portico.config.visitors import Journey, Visitors
from portico.config.watching import Probes, Slo, Watch


class Source(Section):
    """What is published."""

    kind: Literal["studio", "folder"] = Field(
        "studio", description="Where the site comes from; it is `folder` wherever a folder is named."
    )
    folder: Place | None = Field(
        None,
        examples=["public"],
        description="The folder of files, relative to `portico.toml`; without one a page is served.",
    )
    strict: bool = Field(
        default=False, description="Refuse to publish while an internal link is broken or an asset missing."
    )

    @model_validator(mode="before")
    @classmethod
    def _kind_of(cls, values: Any) -> Any:
        """Who names a folder means it."""
        if isinstance(values, dict) and values.get("folder") is not None:
            return {**values, "kind": "folder"}
        return values


class Snapshots(Section):
    """How snapshots are frozen and how long they are kept."""

    keep: int = Field(
        10, ge=2, le=100, description="Snapshots kept for rollback; their assets keep resolving."
    )
    keep_days: float = Field(7, ge=0, description="A snapshot younger than this is kept too, in days.")
    brotli_quality: int = Field(
        5, ge=0, le=11, description="5 is quick, 11 is about 1/8 smaller and 40 times slower."
    )
    brotli_later: int = Field(
        11,
        ge=0,
        le=11,
        description="What is live is encoded again to this behind the publish; `brotli_quality` for never.",
    )
    workers: int = Field(
        0, ge=0, le=64, description="Threads that hash and compress; 0 takes the machine's cores."
    )


class Edge(Section):
    """The door."""

    listen: str = Field("127.0.0.1", description="The address to listen on; `::` or `0.0.0.0` for the world.")
    https_port: Port = Field(
        8443, description="Another free port is taken, and kept, when this one is in use."
    )
    http_port: Port = Field(8080, description="Redirects to https.")
    hosts: list[Host] = Field(
        default_factory=lambda: ["localhost", "127.0.0.1"],
        min_length=1,
        description="Host names that are answered; any other gets 421. The first one is the address shown.",
    )
    certificate: Place | None = Field(
        None,
        examples=["certificate.pem"],
        description="A PEM file with certificate, chain and key; without one the local CA makes one.",
    )
    threads: int = Field(0, ge=0, le=64, description="HAProxy's threads; 0 takes the machine's cores.")
    cache_mib: int = Field(64, ge=1, le=4095, description="The cache's memory, in MiB.")
    max_connections: int = Field(4096, ge=16, description="Connections at once.")
    connections_per_address: int = Field(512, ge=1, description="Connections at once from one address.")
    requests_per_second: int = Field(
        1000, ge=1, description="Requests of one address, averaged over 10 s; beyond it 429 with Retry-After."
    )
    posts_per_minute: int = Field(
        30, ge=3, description="Forms sent by one address; beyond a third of it a proof of work is asked for."
    )
    country_header: HeaderName | None = Field(
        None,
        examples=["cf-ipcountry"],
        description="The header in which a proxy in front names a visitor's country, in two letters.",
    )


class Clusters(Section):
    """Independent failure domains; at least two."""

    names: list[Name] = Field(
        default_factory=lambda: ["a", "b"],
        min_length=2,
        max_length=8,
        description="What the clusters are called; a replica is called by its cluster and a number.",
    )
    replicas: int = Field(
        2, ge=1, le=16, description="Replicas of each cluster at the start; `portico scale` changes it."
    )
    max_replicas: int = Field(
        8, ge=1, le=16, description="Slots at the edge, so that scaling needs no reload."
    )

    @model_validator(mode="after")
    def _fits(self) -> Clusters:
        if len(set(self.names)) != len(self.names):
            raise ValueError(f"expected names that differ, got {', '.join(self.names)}")
        if "mirror" in self.names:
            raise ValueError("expected another name than mirror, which is the last resort's")
        if self.replicas > self.max_replicas:
            raise ValueError(
                f"expected replicas to be at most max_replicas ({self.max_replicas}), got {self.replicas}"
            )
        return self


class Keeper(Section):
    """The control loop."""

    tick_ms: int = Field(
        250, ge=50, le=5000, description="The longest pause between two looks at the world, ms."
    )
    soak_s: float = Field(
        10, ge=0, description="Both clusters are never touched within this window, in seconds."
    )


class Settings(Section):
    """The whole of `portico.toml`."""

    source: Source = Field(default_factory=Source)
    studio: Studio = Field(default_factory=Studio)
    snapshots: Snapshots = Field(default_factory=Snapshots)
    edge: Edge = Field(default_factory=Edge)
    clusters: Clusters = Field(default_factory=Clusters)
    keeper: Keeper = Field(default_factory=Keeper)
    watch: Watch = Field(default_factory=Watch)
    probes: Probes = Field(default_factory=Probes)
    slo: Slo = Field(default_factory=Slo)
    visitors: Visitors = Field(default_factory=Visitors)
    journey: Journey = Field(default_factory=Journey)
    notify: Notify = Field(default_factory=Notify)
    actions: Actions = Field(default_factory=Actions)
    console: Console = Field(default_factory=Console)
    export: Export = Field(default_factory=Export)
    datadog: Datadog = Field(default_factory=Datadog)
    status_page: StatusPage = Field(default_factory=StatusPage)

    @property
    def runs_studio(self) -> bool:
        return self.studio.enabled and self.source.kind == "studio"

    @property
    def status_host(self) -> str | None:
        """The status page's host, or None where there is no such page."""
        return self.status_page.host.lower() if self.status_page.enabled else None

    @property
    def certified(self) -> list[str]:
        """The hosts that the certificate is for. Nobody's own one can be for a local name."""
        own, asked = self.edge.certificate, self.status_page
        wanted = self.status_host and not (own and asked.is_local)
        return [*self.edge.hosts, *([asked.host.lower()] if wanted else [])]

    @model_validator(mode="after")
    def _status_page_fits(self) -> Settings:
        """Another host than the site's, and a channel that there is."""
        asked = self.status_page
        if self.status_host in {host.lower() for host in self.edge.hosts}:
            raise ValueError(f"expected status_page/host to be none of edge/hosts, got {asked.host}")
        names = [channel.name for channel in self.notify.channels]
        if asked.mail and asked.mail not in names:
            known = (
                f"one of {', '.join(names)}" if names else "a channel of [notify], of which there are none"
            )
            raise ValueError(f"expected status_page/mail to be {known}, got {asked.mail}")
        return self
