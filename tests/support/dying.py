"""`python dying.py MOMENT ...`: a patient replica, killed with -9 at that moment in the middle of a post.

As usual a post is taken alone when the other cluster stalls for a second. On a busy machine it does, and a
test says that the post is on both disks.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from portico.intake.journal import Journal
from portico.replica import main, peers

MOMENTS = ("reserve", "copy", "append")
"""After the key was reserved, after the other cluster has its copy, after our own is on disk."""
NEVER = "never"
PATIENCE_S = 60.0


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def then_die(method: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*args: Any, **named: Any) -> Any:
        done = method(*args, **named)
        die()
        return done

    return wrapped


if __name__ == "__main__":
    peers.EACH_S = peers.ALL_S = PATIENCE_S
    moment = sys.argv.pop(1)
    if moment == "copy":
        copy = peers.Peers.copy

        async def copy_and_die(self: peers.Peers, name: str, data: bytes) -> bool:
            await copy(self, name, data)
            die()
            return True

        peers.Peers.copy = copy_and_die  # type: ignore[method-assign]
    elif moment != NEVER:
        setattr(Journal, moment, then_die(getattr(Journal, moment)))
    sys.exit(main.main(sys.argv[1:]))
