"""How long the certificate that visitors are shown will last."""

from __future__ import annotations

from collections.abc import Iterator

from portico.edge import certificate, tls
from portico.watch import signal
from portico.watch.collect.protocol import Base
from portico.watch.metric import Kind, Metric
from portico.watch.signal import Signal
from portico.watch.watched import Watched

LEFT = Metric(
    "portico_certificate_left_seconds",
    Kind.GAUGE,
    "seconds",
    "Time until the site's certificate ends; 86,400 are a day.",
    "certificate",
)


class CertificateCollector(Base):
    name = "certificate"
    metrics = (LEFT,)
    every_s = 60.0

    def __init__(self, watched: Watched) -> None:
        self._pem = tls.site_pem(watched.home)

    def collect(self, now: float, /) -> Iterator[Signal]:
        yield signal.of(LEFT.name, certificate.ends(self._pem).timestamp() - now)
