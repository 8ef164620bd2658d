"""The console as people on a terminal meet it: where it is, and how the first one gets in."""

from __future__ import annotations

import time
from pathlib import Path

from portico.cli import screen
from portico.config import console
from portico.config.load import Config
from portico.ledger.ledger import Ledger
from portico.operators import accounts
from portico.operators.book import Book

CHOSEN_S = 5.0
POLL_S = 0.05


def tell(config: Config) -> None:
    """After the site's address: where people look after it."""
    asked, home = config.settings.console, config.home
    if not asked.enabled:
        return
    with screen.busy("waiting for the console"):
        _wait_for_port(home.console_port)
    screen.say(f"  look after it at {console.address(home, asked)}", style="bold")
    if not accounts.everybody(Book(home.operators, Ledger.existing(home.ledger))):
        screen.say("  nobody may sign in there yet: portico user add NAME --role admin")


def _wait_for_port(chosen: Path) -> None:
    """The keeper chooses it when it starts the console for the first time."""
    deadline = time.monotonic() + CHOSEN_S
    while not chosen.exists() and time.monotonic() < deadline:
        time.sleep(POLL_S)
