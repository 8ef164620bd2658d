"""A drill that the keeper was asked for: `python -m portico.recover HOME [CONFIG] drill|alert NAME`."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from portico.config import load
from portico.config.load import Config
from portico.kit.errors import PorticoError
from portico.ledger.ledger import Ledger
from portico.recover import drill, proof, terms
from portico.recover.terms import Terms

REFUSED = "drill.refused"
"""The event that tells why a drill that somebody ordered was not run."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m portico.recover")
    parser.add_argument("home", type=Path)
    parser.add_argument("config", type=Path, nargs="?")
    parser.add_argument("what", choices=("drill", "alert"))
    parser.add_argument("name")
    parser.add_argument("--rate", type=float, default=terms.RATE)
    parser.add_argument("--seconds", type=float, default=terms.LASTS)
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    config = load.load(asked.config, asked.home, cwd=asked.home)
    return run(asked.what, asked.name, config, Terms(rate=asked.rate, seconds=asked.seconds))


def run(what: str, name: str, config: Config, laid: Terms = terms.USUAL) -> int:
    """What is measured stands in the ledger, and why nothing was. Returns the exit code."""
    log = logging.getLogger("portico.drill")
    try:
        if what == "alert":
            for one in proof.prove([name], config):
                log.info("alert %s: %s", name, one.why or "proven")
        else:
            log.info("drill %s: %s", name, drill.run(name, config, laid).result)
    except PorticoError as error:
        log.error("%s", error)  # noqa: TRY400 - one line for a person
        ledger = Ledger.existing(config.home.ledger)
        ledger.record(REFUSED, name, what=what, why=str(error))
        ledger.close()
        return error.code
    return 0


if __name__ == "__main__":
    sys.exit(main())
