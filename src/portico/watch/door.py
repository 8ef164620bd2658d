"""Where and as whom a visitor knocks. Probes open their connections through it."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from http import client
from pathlib import Path
from urllib.parse import urlsplit

from portico.config.home import Home
from portico.config.models import Edge
from portico.edge import tls

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - told apart, not bound


@dataclass(frozen=True, slots=True)
class Door:
    """The site's `address`, trusting only the certificates in the file `trusted` (None: the system's).

    `at` is the host and port to connect to, where the address's own name doesn't lead to this machine.
    """

    address: str
    trusted: Path | None = None
    at: tuple[str, int] | None = None

    def connection(self, timeout: float, *, source: str | None = None) -> client.HTTPConnection:
        """From the address `source`, where one is told. Raises OSError, here or at the first request."""
        parts = urlsplit(self.address)
        secure = parts.scheme == "https"
        made = (
            client.HTTPSConnection(parts.netloc, timeout=timeout, context=self._context())
            if secure
            else client.HTTPConnection(parts.netloc, timeout=timeout)
        )
        if self.at:
            made.sock = socket.create_connection(self.at, timeout, (source, 0) if source else None)
        if self.at and secure:
            made.sock = self._context().wrap_socket(made.sock, server_hostname=parts.hostname)
        return made

    def _context(self) -> ssl.SSLContext:
        """A certificate that stands in `trusted` itself is trusted too, not just what one there signed."""
        context = ssl.create_default_context(cafile=self.trusted and str(self.trusted))
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        return context


def own(home: Home, edge: Edge, address: str) -> Door:
    """A stack's own door at `address`, trusting just the certificate that was given to it.

    The address's name may lead elsewhere from here; a company's certificate may be by any authority.
    """
    here = _EVERYWHERE.get(edge.listen, edge.listen)
    return Door(address, tls.site_pem(home), (here, urlsplit(address).port or 443))
