"""What every page of the console is told: where the stack lies, what was asked for, what is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from portico.config.home import Home
from portico.config.load import Config
from portico.config.models import Settings
from portico.ledger.ledger import Ledger
from portico.watch.series.read import Reader


@dataclass(frozen=True, slots=True)
class Desk:
    """`file` is the portico.toml. Everything here may be used from several threads.

    `kept` is what a page keeps in mind between two looks, by the page's name.
    """

    home: Home
    settings: Settings
    file: Path | None
    ledger: Ledger
    series: Reader
    kept: dict[str, Any] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, asked: Config) -> Desk:
        """Raises UnavailableError where nothing was ever started."""
        home = asked.home
        return cls(home, asked.settings, asked.file, Ledger.existing(home.ledger), Reader(home.series))

    @property
    def now(self) -> float:
        """Seconds since the epoch, by the ledger's clock."""
        return self.ledger.now

    @property
    def zone(self) -> ZoneInfo:
        """In which pages tell times, and take them."""
        return ZoneInfo(self.settings.notify.timezone)
