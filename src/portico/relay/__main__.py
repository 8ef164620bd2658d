"""The relay's process: `python -m portico.relay HOME [CONFIG]`, started by the keeper."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from portico.config import program
from portico.config.load import Config
from portico.intake import seal
from portico.intake.subscribers import Subscribers
from portico.ledger.ledger import Ledger
from portico.notify.port import Port
from portico.relay.loop import Loop
from portico.relay.mailing import Mailing
from portico.relay.subscriptions import Subscriptions

PART = "relay"


def relay(asked: Config) -> None:
    """Deliver until told to end. Raises PorticoError."""
    home = asked.home
    with program.alone(home, PART):
        seal.create_keys(home.intake_key, home.intake_public_key)
        ledger = Ledger.existing(home.ledger)
        loop = Loop(home, tuple(asked.settings.clusters.names), ledger, _mailing(asked, ledger))

        def leave(_number: int, _frame: FrameType | None) -> None:
            loop.stop()

        signal.signal(signal.SIGTERM, leave)
        loop.run()
        home.record(PART).unlink(missing_ok=True)


def _mailing(asked: Config, ledger: Ledger) -> Mailing | None:
    """None where nobody can subscribe, nor ever did."""
    page = asked.settings.status_page
    may_subscribe = page.enabled and page.mail is not None
    if not may_subscribe and not asked.home.subscribers.exists():
        return None

    def opened() -> Subscriptions:
        kept = Subscribers(asked.home.subscribers)
        return Subscriptions(kept, ledger, asked.settings, Port(asked.home.apprise))

    return Mailing(opened)


if __name__ == "__main__":
    sys.exit(program.main("portico.relay", PART, relay))
