"""The unix socket that a replica answers on, and granian on it."""

from __future__ import annotations

import asyncio
import secrets
import signal
import socket
from pathlib import Path
from typing import Any

from granian import net
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from portico.kit import unixsocket
from portico.replica.app import App

_BACKLOG = 1024
_FILE_THREADS = 8
_BUFFER = 1 << 15
"""Bytes that one connection may hold of a request's head, or of an answer that is not read."""


def bind(path: Path) -> socket.socket:
    """A listening socket at `path`, in the place of whatever socket was there, without a moment of none."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    temporary = path.with_name(f".{secrets.token_hex(4)}.sock")
    try:
        with unixsocket.reachable(temporary) as address:
            listening.bind(address)
        temporary.chmod(0o666)
        listening.listen(_BACKLOG)
        temporary.replace(path)
    except BaseException:
        listening.close()
        temporary.unlink(missing_ok=True)
        raise
    return listening


async def serve(app: App, listening: socket.socket) -> bool:
    """Answer until SIGTERM or SIGINT, then finish what was asked; False when granian ended by itself."""
    server = _Server(app, listening)
    told = asyncio.Event()

    def stop() -> None:
        told.set()
        server.stop()  # type: ignore[no-untyped-call]  # granian's own

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    await server.serve()
    return told.is_set()


class _Server(Server):
    """Granian's embedded server on a socket that was bound for it: its own bind fails where a file is."""

    def __init__(self, app: App, listening: socket.socket) -> None:
        super().__init__(
            app,
            interface=Interfaces.RSGI,
            backlog=_BACKLOG,
            runtime_blocking_threads=_FILE_THREADS,
            http1_settings=HTTP1Settings(max_buffer_size=_BUFFER),
            log_enabled=False,
            websockets=False,
        )
        self._listening = listening

    def _init_shared_socket(self) -> None:
        granian_net: Any = net
        self._shd = granian_net.SocketHolder(self._listening.fileno(), True, _BACKLOG)  # noqa: FBT003 - its signature
