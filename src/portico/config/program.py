"""How a process that the keeper starts begins: `python -m portico.PART HOME [CONFIG]`, one of a kind."""

from __future__ import annotations

import argparse
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from portico.config import load
from portico.config.home import Home
from portico.config.load import Config
from portico.kit import lock, process
from portico.kit.errors import PorticoError


def main(module: str, part: str, run: Callable[[Config], None]) -> int:
    """The exit code. What `run` raises as a PorticoError is one line for a person."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}")
    parser.add_argument("home", type=Path)
    parser.add_argument("config", type=Path, nargs="?")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        run(load.load(asked.config, asked.home, cwd=asked.home))
    except PorticoError as error:
        logging.getLogger(f"portico.{part}").error("%s", error)  # noqa: TRY400 - one line for a person
        return error.code
    return 0


@contextmanager
def alone(home: Home, part: str) -> Iterator[None]:
    """Be the only one, and known by a record. Raises PorticoError where another one runs."""
    with lock.held(home.run / f"{part}.lock") as ours:
        if not ours:
            raise PorticoError(f"another {part} runs already", where=str(home.root))
        if me := process.of(os.getpid()):
            process.remember(home.record(part), me)
        yield
