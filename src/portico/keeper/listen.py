"""The listening sockets: bound once, then handed on, so that a visitor's connection waits instead of failing.

They pass from process to process as inherited descriptors, named in the environment; systemd's socket
activation (LISTEN_FDS) is understood too.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from portico.kit import files
from portico.kit import ports as net

if TYPE_CHECKING:  # the guard needs no settings: reading their models would double its memory
    from portico.config.models import Edge

HTTPS = "PORTICO_FD_HTTPS"
HTTP = "PORTICO_FD_HTTP"
BACKLOG = 4096
_FIRST_SYSTEMD_FD = 3


@dataclass(frozen=True, slots=True)
class Sockets:
    """Descriptors of the two listening sockets."""

    https: int
    http: int

    @property
    def fds(self) -> tuple[int, int]:
        return self.https, self.http


@dataclass(frozen=True, slots=True)
class Ports:
    """What was bound, and what the settings asked for then."""

    https: int
    http: int
    asked: tuple[int, int] = (0, 0)


def inherited(environ: Mapping[str, str] = os.environ) -> Sockets | None:
    """The sockets that this process was started with, or None."""
    if HTTPS in environ and HTTP in environ:
        return Sockets(int(environ[HTTPS]), int(environ[HTTP]))
    if activated(environ):
        names = environ.get("LISTEN_FDNAMES", "https:http").split(":")
        fds = {name: _FIRST_SYSTEMD_FD + number for number, name in enumerate(names)}
        return Sockets(fds["https"], fds["http"])
    return None


def activated(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether systemd handed the sockets to this very process; it starts the keeper again then, no guard."""
    return environ.get("LISTEN_PID") == str(os.getpid())


def environment(sockets: Sockets | None, base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment for a process that shall inherit `sockets`."""
    kept = {key: value for key, value in base.items() if key not in {HTTPS, HTTP} and "LISTEN_" not in key}
    return {**kept, HTTPS: str(sockets.https), HTTP: str(sockets.http)} if sockets else kept


def bind(edge: Edge, remembered: Path) -> tuple[Sockets, Ports]:
    """Bind both ports: the ones used before, else the ones asked for, else free ones. Writes them down.

    The sockets stay open in this process and in those that inherit them. Raises UnavailableError.
    """
    asked = (edge.https_port, edge.http_port)
    before = ports(remembered)
    same = before is not None and before.asked == asked
    https = _bind(edge.listen, *([before.https] if before and same else []), edge.https_port)
    http = _bind(edge.listen, *([before.http] if before and same else []), edge.http_port)
    chosen = Ports(https.getsockname()[1], http.getsockname()[1], asked)
    _remember(chosen, remembered)
    return Sockets(https.detach(), http.detach()), chosen


def adopt(sockets: Sockets, edge: Edge, remembered: Path) -> None:
    """Write down the ports of sockets that somebody else has bound."""
    https, http = (_port(fd) for fd in sockets.fds)
    _remember(Ports(https, http, (edge.https_port, edge.http_port)), remembered)


def _port(fd: int) -> int:
    with socket.socket(fileno=os.dup(fd)) as bound:
        return int(bound.getsockname()[1])


def _remember(chosen: Ports, remembered: Path) -> None:
    files.write_whole(remembered, json.dumps(asdict(chosen)).encode())


def ports(remembered: Path) -> Ports | None:
    try:
        values = json.loads(remembered.read_bytes())
        return Ports(values["https"], values["http"], tuple(values["asked"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _bind(address: str, *candidates: int) -> socket.socket:
    bound = net.bind(address, *candidates, backlog=BACKLOG, where="edge/listen")
    bound.set_inheritable(True)
    return bound
