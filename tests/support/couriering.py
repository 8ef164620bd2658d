"""A process that tells people as the watcher does, until it is killed: python -m support.couriering DIR."""

import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portico.config import load
from portico.ledger.ledger import Ledger
from portico.respond.delivery.courier import Courier
from portico.watch.watched import Watched
from support import telling

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    config = load.load(folder / "portico.toml", None, cwd=folder)
    ledger = Ledger(config.home.ledger, now=telling.Clock())
    key = Ed25519PrivateKey.generate().public_key()
    courier = Courier(Watched(config.home, config.settings, config.file, ledger, key))
    while True:
        courier.tick(telling.NOON)
        time.sleep(0.05)
