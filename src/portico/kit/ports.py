"""Listening on TCP: the port that was asked for, or another one when it is in use."""

from __future__ import annotations

import errno
import json
import socket
from pathlib import Path

from portico.kit import files
from portico.kit.errors import UnavailableError


def bind(address: str, *candidates: int, backlog: int, where: str) -> socket.socket:
    """A listening socket on the first of the ports that is free, else on any. Raises UnavailableError.

    `where` is the setting that names the address.
    """
    for port in (*candidates, 0):
        if bound := _try(address, port, backlog, where):
            return bound
    raise UnavailableError(f"no port could be bound at {address}", where=where)


def bind_kept(address: str, port: int, remembered: Path, *, backlog: int, where: str) -> socket.socket:
    """The port of before, else the one that was asked for, else a free one, which is kept in `remembered`."""
    try:
        known = json.loads(remembered.read_bytes())
    except (OSError, ValueError):
        known = {}
    before = [known["port"]] if known.get("asked") == port and "port" in known else []
    bound = bind(address, *before, port, backlog=backlog, where=where)
    chosen = {"port": bound.getsockname()[1], "asked": port}
    if chosen != known:
        files.write_whole(remembered, json.dumps(chosen).encode())
    return bound


def kept(remembered: Path, asked: int | None = None) -> int | None:
    """The port that was chosen last; with `asked` only if it was chosen when this one was asked for."""
    try:
        known = json.loads(remembered.read_bytes())
        return int(known["port"]) if asked in {None, known["asked"]} else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _try(address: str, port: int, backlog: int, where: str) -> socket.socket | None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((address, port))
        bound.listen(backlog)
    except OSError as error:
        bound.close()
        if error.errno == errno.EADDRINUSE:
            return None
        hint = "ports below 1024 need root or systemd's socket unit" if error.errno == errno.EACCES else ""
        raise UnavailableError(
            f"can't listen on port {port} of {address}: {error.strerror}", where=where, hint=hint
        ) from error
    return bound
