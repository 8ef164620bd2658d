"""Keeps the edge's certificate good: renews the local CA's, takes up a renewed file, warns before it ends."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from portico.edge import certificate, runtime, tls
from portico.keeper.stack import Stack
from portico.kit.errors import ConfigError
from portico.ledger.ledger import Ledger
from portico.model import Finding, Severity

EVERY_S = 60.0
WARN_DAYS = 14


class Certifier:
    """A changed certificate goes to the edge through its runtime API, without a reload."""

    def __init__(self, stack: Stack, ledger: Ledger) -> None:
        self._stack = stack
        self._ledger = ledger
        self._looked = -EVERY_S
        self.found: dict[str, Finding] = {}
        self._unsent = False

    def look(self, *, edge_answers: bool) -> None:
        """Once a minute; `found` is what is off. A file that is wrong changes nothing at the edge."""
        if not edge_answers or time.monotonic() - self._looked < EVERY_S:
            return
        self._looked = time.monotonic()
        now = datetime.now(UTC)
        edge = self._stack.settings.edge
        try:
            changed = tls.provide(
                self._stack.home, tuple(self._stack.settings.certified), edge.certificate, now
            )
            self._unsent = self._unsent or changed
            self._send()
            self.found = judge(certificate.ends(tls.site_pem(self._stack.home)), now)
        except ConfigError as error:
            told = Finding("certificate-wrong", Severity.CRITICAL, f"The certificate can't be used: {error}")
            self.found = {told.key: told}

    def _send(self) -> None:
        if not self._unsent:
            return
        pem = tls.site_pem(self._stack.home).read_text()
        runtime.Runtime(self._stack.home.edge_socket).swap_certificate(pem)
        self._unsent = False
        self._ledger.record("certificate.swapped", "edge")


def judge(ends: datetime, now: datetime) -> dict[str, Finding]:
    left = (ends - now).days
    if left >= WARN_DAYS:
        return {}
    severity = Severity.CRITICAL if left < 3 else Severity.WARNING
    told = Finding("certificate-expiring", severity, f"The certificate ends in {left} days.")
    return {told.key: told}
