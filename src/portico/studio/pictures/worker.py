"""Makes pictures ready after an upload, as a process of its own beside the one that editors talk to.

It asks the database each second: a picture that was uploaded while it was down is found like any other.
"""

from __future__ import annotations

import os
import signal
import threading

from django.db import DatabaseError, close_old_connections

from portico.studio.pictures import ahead

PAUSE = 1.0
GENTLE = 10
"""How far it steps back behind the processes that somebody waits for."""


def run() -> None:
    """Until SIGTERM; a picture that is being made then is made again after the next start."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    os.nice(GENTLE)
    while not ended.wait(PAUSE):
        tick()


def tick() -> None:
    try:
        ahead.complete()
    except DatabaseError:
        close_old_connections()  # the database is away or busy: the next look asks it anew
