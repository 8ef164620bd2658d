"""A proxy with TLS before a server without, as operators put one before the console: HAProxy."""

from __future__ import annotations

import contextlib
import socket
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from portico.edge import authority

_SETTINGS = """
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend door
    bind fd@{fd} ssl crt {certificate}
    option forwardfor
    default_backend inner
backend inner
    server inner {inner}
"""


class Door:
    """Holds `port` of loopback from the start; whoever comes is led on once `leads_to` said where."""

    def __init__(self, name: str, folder: Path) -> None:
        made = authority.ensure_authority(folder, (name,), datetime.now(UTC))
        self._certificate, self._settings = folder / "door.pem", folder / "door.cfg"
        authority.make_leaf(self._certificate, made, (name,), datetime.now(UTC))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._process: subprocess.Popen[bytes] | None = None
        self.port = self._listening.getsockname()[1]

    def leads_to(self, address: str) -> None:
        fd, inner = self._listening.fileno(), urlsplit(address).netloc
        told = _SETTINGS.format(fd=fd, certificate=self._certificate, inner=inner)
        self._settings.write_text(told)
        command = ["haproxy", "-db", "-q", "-f", str(self._settings)]
        self._process = subprocess.Popen(command, pass_fds=[fd], stderr=subprocess.DEVNULL)

    def close(self) -> None:
        self._listening.close()
        if self._process:
            self._process.kill()
            self._process.wait(60)


@contextlib.contextmanager
def standing(name: str, folder: Path) -> Iterator[Door]:
    with contextlib.closing(Door(name, folder)) as door:
        yield door
