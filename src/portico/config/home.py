"""The one folder that holds a stack's state; every path in it has its name here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from portico.model import MIRROR


@dataclass(frozen=True, slots=True)
class Home:
    """`root` is absolute. `keys` and `ca` are for their owner alone; the rest may be read by the replicas."""

    root: Path

    def create(self) -> Home:
        for folder in (self.root, self.clusters, self.run, self.logs, self.edge, self.watch):
            folder.mkdir(parents=True, exist_ok=True)
        for secret in (self.keys, self.ca):
            secret.mkdir(mode=0o700, exist_ok=True)
        return self

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def signing_key(self) -> Path:
        return self.keys / "signing.key"

    @property
    def public_key(self) -> Path:
        """Outside `keys`, so that replicas that run as another user can read it."""
        return self.root / "signing.pub"

    @property
    def ca(self) -> Path:
        return self.root / "ca"

    @property
    def ledger(self) -> Path:
        return self.root / "ledger.db"

    @property
    def ballast(self) -> Path:
        """Room that is given up when the disk is full."""
        return self.root / "ballast"

    @property
    def origin(self) -> Path:
        """The freezer's own store, from which snapshots are copied."""
        return self.root / "origin"

    @property
    def freezer(self) -> Path:
        """What the freezer knows of the source's files, so that it reads only what changed."""
        return self.root / "freezer.db"

    @property
    def studio(self) -> Path:
        """What editors wrote: database, media, and what was frozen of it. For the studio alone."""
        return self.root / "studio"

    @property
    def studio_run(self) -> Path:
        """The studio's own sockets."""
        return self.run / "studio"

    @property
    def studio_socket(self) -> Path:
        """Where Portico asks the studio; no browser gets here."""
        return self.studio_run / "back.sock"

    @property
    def studio_port(self) -> Path:
        """The port that the studio listens on, kept over restarts."""
        return self.root / "studio-port.json"

    @property
    def freezer_socket(self) -> Path:
        """A datagram here wakes the freezer."""
        return self.run / "freezer.sock"

    @property
    def published(self) -> Path:
        """In which the freezer tells editors how far the newest revision came."""
        return self.root / "published.json"

    @property
    def improved(self) -> Path:
        """Which bodies were encoded again, behind a publish."""
        return self.root / "improved.txt"

    @property
    def clusters(self) -> Path:
        return self.root / "clusters"

    def store(self, cluster: str) -> Path:
        """The store of a cluster, or of the mirror."""
        return self.root / MIRROR / "store" if cluster == MIRROR else self.clusters / cluster / "store"

    @property
    def status_page(self) -> Path:
        """The status page's origin, and what its freezer knows; apart from the site's."""
        return self.root / "statuspage"

    def status_store(self, place: str) -> Path:
        """The status page's store in a cluster, or the mirror: neither site pushes out the other there."""
        return self.store(place).with_name("status")

    @property
    def subscribers(self) -> Path:
        """Who is mailed what the status page says; for its owner alone."""
        return self.keys / "subscribers.db"

    def intake(self, cluster: str) -> Path:
        """What visitors sent, sealed; for the replicas of the cluster alone, and the relay."""
        return self.clusters / cluster / "intake"

    @property
    def intake_lock(self) -> Path:
        """Held by the relay while it delivers, and by whoever erases a person's posts meanwhile."""
        return self.run / "intake.lock"

    @property
    def intake_key(self) -> Path:
        """Opens what visitors sent; the relay's alone."""
        return self.keys / "intake.key"

    @property
    def intake_public_key(self) -> Path:
        """Outside `keys`, for the replicas to seal with."""
        return self.root / "intake.pub"

    @property
    def edge(self) -> Path:
        return self.root / "edge"

    @property
    def run(self) -> Path:
        """Sockets and process records; gone after a reboot without loss."""
        return self.root / "run"

    def replica_run(self, replica: str) -> Path:
        return self.run / replica

    def replica_socket(self, replica: str) -> Path:
        return self.replica_run(replica) / "http.sock"

    def record(self, part: str) -> Path:
        """The process record of keeper, guard, edge or a replica."""
        return self.run / f"{part}.json"

    @property
    def edge_socket(self) -> Path:
        """HAProxy's runtime API."""
        return self.run / "edge.sock"

    @property
    def master_socket(self) -> Path:
        """HAProxy's master CLI."""
        return self.run / "master.sock"

    @property
    def inside_socket(self) -> Path:
        """The edge's private listener: the asker chooses snapshot and cluster."""
        return self.run / "inside.sock"

    @property
    def keeper_socket(self) -> Path:
        """A datagram here wakes the keeper."""
        return self.run / "keeper.sock"

    @property
    def keeper_lock(self) -> Path:
        return self.run / "keeper.lock"

    @property
    def drill_lock(self) -> Path:
        """Held while a drill is running."""
        return self.run / "drill.lock"

    @property
    def watch(self) -> Path:
        """What the watcher keeps: series, what the detectors learnt, what far probes sent."""
        return self.root / "watch"

    @property
    def series(self) -> Path:
        return self.watch / "series"

    @property
    def apprise(self) -> Path:
        """What the library that reaches people keeps between messages."""
        return self.watch / "apprise"

    @property
    def edge_log_socket(self) -> Path:
        """The edge writes a share of its requests here, one datagram each."""
        return self.run / "edge-log.sock"

    @property
    def visitors_socket(self) -> Path:
        """The edge writes here what visitors' browsers measured, one datagram a visit."""
        return self.run / "visitors.sock"

    @property
    def journey(self) -> Path:
        """Pictures of the browser's journeys that failed."""
        return self.watch / "journey"

    @property
    def link_key(self) -> Path:
        """Signs the links in messages by which a person acknowledges or approves."""
        return self.keys / "links.key"

    @property
    def probe_token(self) -> Path:
        """What a far probe shows when it reports."""
        return self.keys / "probe.token"

    @property
    def watch_port(self) -> Path:
        """The port of the watcher's private listener, kept over restarts."""
        return self.root / "watch-port.json"

    @property
    def console_port(self) -> Path:
        """The port of the console, kept over restarts."""
        return self.root / "console-port.json"

    @property
    def operators(self) -> Path:
        """Who may look and order, and how they prove who they are; for its owner alone."""
        return self.keys / "operators.db"

    @property
    def ports(self) -> Path:
        """The ports that were chosen, kept over restarts."""
        return self.root / "ports.json"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    def log(self, part: str) -> Path:
        return self.logs / f"{part}.log"
