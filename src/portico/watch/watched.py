"""What every part of the watcher is told about the stack that it watches."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portico.config.home import Home
from portico.config.models import Settings
from portico.ledger.ledger import Ledger
from portico.watch import door
from portico.watch.door import Door


@dataclass(frozen=True, slots=True)
class Watched:
    """`config` is the portico.toml, `key` verifies snapshots."""

    home: Home
    settings: Settings
    config: Path | None
    ledger: Ledger
    key: Ed25519PublicKey

    @property
    def status(self) -> dict[str, Any] | None:
        """The keeper's last view, or None before its first look."""
        seen = self.ledger.seen("status")
        return seen[0] if seen else None

    @property
    def clusters(self) -> tuple[str, ...]:
        return tuple(self.settings.clusters.names)

    def door(self, address: str) -> Door:
        """The stack's own door, as a visitor on this machine finds it."""
        return door.own(self.home, self.settings.edge, address)
