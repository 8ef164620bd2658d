"""Whom visitors trust: the stack's own authority for its own certificate, else the system's roots."""

from __future__ import annotations

import ssl
import threading
from pathlib import Path

from portico.edge import tls
from portico.watch.watched import Watched


class Trust:
    """Contexts are kept, connections are not; a certificate that was renewed on disk is read anew."""

    def __init__(self, watched: Watched) -> None:
        settings = watched.settings
        self._pem = tls.site_pem(watched.home)
        own = settings.edge.certificate is None
        self._roots = tls.ca_pem(watched.home) if own else None
        self._more = settings.probes.trusted
        self._lock = threading.Lock()
        self._kept: dict[Path | None, tuple[object, ssl.SSLContext]] = {}

    def strict(self) -> ssl.SSLContext:
        """As a visitor's browser judges. Raises OSError."""
        return self._context(None)

    def pinned(self) -> ssl.SSLContext:
        """For looking at pages: the file's own certificate is trusted, whoever signed it. Raises OSError."""
        return self._context(self._pem)

    def _context(self, pinned: Path | None) -> ssl.SSLContext:
        state = [_identity(path) for path in (pinned, self._roots, self._more) if path]
        with self._lock:
            if pinned not in self._kept or self._kept[pinned][0] != state:
                self._kept[pinned] = (state, self._made(pinned))
            return self._kept[pinned][1]

    def _made(self, pinned: Path | None) -> ssl.SSLContext:
        made = context(self._roots, self._more)
        if pinned:
            made.load_verify_locations(pinned)
            made.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        return made


def context(roots: Path | None = None, more: Path | None = None) -> ssl.SSLContext:
    """Trusts the certificates in `roots` (None: the system's) and in `more`."""
    made = ssl.create_default_context(cafile=roots and str(roots))
    if more:
        made.load_verify_locations(more)
    return made


def _identity(path: Path) -> tuple[int, int]:
    seen = path.stat()
    return seen.st_mtime_ns, seen.st_ino
