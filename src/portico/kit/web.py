"""A web server within a process, on a socket bound for it: for people and tools, never for visitors."""

from __future__ import annotations

import socket
from typing import Any

from granian import net
from granian.constants import Interfaces
from granian.server.embed import Server


class Embedded(Server):
    """Granian's embedded server. `app` is an ASGI application."""

    def __init__(self, app: Any, listening: socket.socket, *, backlog: int) -> None:
        super().__init__(app, interface=Interfaces.ASGI, backlog=backlog, log_enabled=False, websockets=False)
        self._listening = listening

    def _init_shared_socket(self) -> None:
        granian_net: Any = net
        self._shd = granian_net.SocketHolder(self._listening.fileno(), False, self.backlog)  # noqa: FBT003 - its signature


def address(listening: socket.socket) -> str:
    """Where a browser on this machine finds it."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
