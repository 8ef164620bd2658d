"""What the back does beside answering: each line of WORK is a thread. Each owner adds a line."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping

from django.db import connections

from portico.studio.database import housekeeping
from portico.studio.editing import schedule
from portico.studio.editing.links import keeper as links
from portico.studio.freezing import search, sweep
from portico.studio.serving import patience

Work = Callable[[threading.Event], None]
"""Works until the event is set, and looks at it at least once a second."""

WORK: Mapping[str, Work] = {
    "housekeeping": housekeeping.keep,
    "schedule": schedule.keep,
    "links": links.keep,
    "search": search.keep,
    "sweep": sweep.keep,
}

_log = logging.getLogger(__name__)


def start(ending: threading.Event, work: Mapping[str, Work] | None = None) -> None:
    for name, function in (WORK if work is None else work).items():
        threading.Thread(target=_keep, args=(name, function, ending), name=name, daemon=True).start()


def _keep(name: str, function: Work, ending: threading.Event) -> None:
    """One that fails is tried again, later and later: the private API must not die of it."""
    wait = 0.0
    while not ending.is_set():
        born = time.monotonic()
        try:
            function(ending)
        except Exception:  # noqa: BLE001 - the boundary of its work
            _log.exception("%s failed", name)
        finally:
            connections.close_all()
        wait = patience.before_next(time.monotonic() - born, wait)
        ending.wait(wait)
