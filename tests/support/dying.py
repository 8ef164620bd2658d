"""`python dying.py MOMENT ...`: a replica that is killed with -9 at a moment in the middle of a post."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from portico.intake.journal import Journal
from portico.replica import main
from portico.replica.peers import Peers

MOMENTS = ("reserve", "copy", "append")
"""After the key was reserved, after the other cluster has its copy, after our own is on disk."""


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def then_die(method: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*args: Any, **named: Any) -> Any:
        done = method(*args, **named)
        die()
        return done

    return wrapped


if __name__ == "__main__":
    moment = sys.argv.pop(1)
    if moment == "copy":
        copy = Peers.copy

        async def copy_and_die(self: Peers, name: str, data: bytes) -> bool:
            await copy(self, name, data)
            die()
            return True

        Peers.copy = copy_and_die  # type: ignore[method-assign]
    else:
        setattr(Journal, moment, then_die(getattr(Journal, moment)))
    sys.exit(main.main(sys.argv[1:]))
