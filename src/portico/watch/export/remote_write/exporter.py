"""Prometheus' remote write 1.0: to Prometheus itself, Mimir, Thanos, VictoriaMetrics and others."""

from __future__ import annotations

from portico.config.exporting import RemoteWrite
from portico.watch.export import posting
from portico.watch.export.paced import Paced
from portico.watch.export.remote_write.packing import Packer
from portico.watch.export.shipping import Parcel, Shipper
from portico.watch.watched import Watched

AGAIN = frozenset({429, *range(500, 600)})
HEADERS = {
    "content-type": "application/x-protobuf",
    "content-encoding": "snappy",
    "x-prometheus-remote-write-version": "0.1.0",
}


def made(watched: Watched) -> list[Paced]:
    """One for each that is configured."""
    settings = watched.settings
    stack = settings.export.stack or settings.edge.hosts[0]
    return [to(destination, stack) for destination in settings.export.remote_write]


def to(destination: RemoteWrite, stack: str) -> Paced:
    poster = posting.Poster(destination, AGAIN)

    def send(parcel: Parcel) -> None:
        poster.post(destination.url, parcel.body, HEADERS)

    return Paced(Shipper(destination.name, Packer(stack).pack, send), poster, destination.every_s)
