"""The front: granian's WSGI server for editors' browsers, on a socket that the parent opened."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
from typing import Any

from granian import _futures, _granian, _signals
from granian.constants import HTTPModes
from granian.http import HTTP1Settings
from granian.wsgi import _callback_wrapper

from portico.studio import wsgi
from portico.studio.serving import sockets

THREADS = 4
"""Requests that are answered at once; each holds a connection to the database. A page takes 50 ms of CPU."""
WAITING = 64
IDLE = 60
NOT_UNIX = False
PLAIN: tuple[object, ...] = (False, None, None, None, "tls1.3", None, [], False)
"""No TLS: whoever puts the studio on a network puts a door before it."""


def run(listening: socket.socket) -> None:
    """Answer until SIGTERM, then finish what was asked.

    Granian's own entry forks a worker once more, or serves everything but WSGI: so its worker is called here,
    the way that `granian.server.mp` calls it.
    """
    os.environ.pop("DATABASE_URL", None)  # what is there goes into each request's environment
    logging.getLogger("granian").setLevel(logging.WARNING)
    listening.settimeout(0)
    granian: Any = _granian  # its stubs tell of an older signature
    signals: Any = _signals
    futures: Any = _futures
    ours = (None, granian.SocketHolder(listening.fileno(), NOT_UNIX, sockets.BACKLOG))
    threads = (1, 1, THREADS, IDLE, WAITING)
    http = (HTTPModes.http1, HTTP1Settings(header_read_timeout=15_000), None)
    worker = granian.WSGIWorker(1, ours, None, *threads, *http, None, *PLAIN, (None, None))
    told, ended = signals.set_sync_signals(), threading.Event()
    told.add_cb(ended.set)
    loop = asyncio.new_event_loop()
    callback = _callback_wrapper(wsgi.application, {})
    schedule = futures._new_cbscheduler(loop, callback, impl_asyncio=True)  # noqa: SLF001 - as its entry does
    worker.serve_mtr(schedule, loop, told)
    ended.wait()
