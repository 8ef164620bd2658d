"""Stops a PostgreSQL server of this very machine as a crash would, and starts it again as it was started."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psutil
import psycopg

from portico.kit.errors import UnavailableError

PATIENCE_S = 60.0
_CONNECT_S = 5
_AS_BEFORE = 'exec 3<&0; (cat <&3 >/dev/null; exec 3<&-; exec "$@") &'
"""Waits until nobody holds its input any longer, however the drill ends, and becomes the server."""


def find(url: str) -> psutil.Process | str:
    """The server's first process, or why it is not ours to stop."""
    try:
        with psycopg.connect(url, connect_timeout=_CONNECT_S) as connection:
            if not _is_here(connection.info.host, connection.info.hostaddr):
                return "it is on another machine"
            folder = _said(connection, "SHOW data_directory")
            return _process(Path(folder), connection.info.port)
    except (psycopg.Error, OSError, ValueError, psutil.Error) as error:
        return f"its process can't be found: {str(error).strip()}"


@contextlib.contextmanager
def stopped(server: psutil.Process, url: str) -> Iterator[None]:
    """Nobody is asked to finish, nothing is written down: as when the machine loses its power."""
    again = _waiting_to_start(server)
    try:
        server.send_signal(signal.SIGQUIT)
        _gone(server)
        yield
    finally:
        again.close()
        _wait(url)


def _is_here(host: str, address: str) -> bool:
    """A socket in the file system, or the loopback."""
    return host.startswith("/") or (bool(address) and ipaddress.ip_address(address).is_loopback)


def _said(connection: psycopg.Connection, question: str) -> str:
    row = connection.execute(question.encode()).fetchone()
    return str(row[0]) if row else ""


def _process(data: Path, port: int) -> psutil.Process | str:
    lines = (data / "postmaster.pid").read_text().splitlines()
    server = psutil.Process(int(lines[0]))
    if int(lines[3]) != port:
        return "what listens there is not the server itself"
    if os.geteuid() not in {0, server.uids().effective}:
        return f"it runs as {server.username()}"
    if _looked_after(server):
        return "the system looks after it"
    return server


def _looked_after(server: psutil.Process) -> bool:
    """A service of its own would be missed, or started by two."""
    its, ours = (Path(f"/proc/{who}/cgroup").read_text() for who in (server.pid, "self"))
    return its != ours and ".service" in its


def _waiting_to_start(server: psutil.Process) -> IO[bytes]:
    """Something that starts it again as soon as what is returned is closed."""
    owner, me = server.uids().effective, os.geteuid()
    reading, writing = os.pipe()
    output = [os.open(f"/proc/{server.pid}/fd/{number}", os.O_WRONLY | os.O_APPEND) for number in (1, 2)]
    try:
        subprocess.run(
            ["/bin/sh", "-c", _AS_BEFORE, "sh", *server.cmdline()],
            stdin=reading,
            stdout=output[0],
            stderr=output[1],
            cwd=server.cwd(),
            env=server.environ(),
            user=owner if owner != me else None,
            group=server.gids().effective if owner != me else None,
            start_new_session=True,
            check=True,
        )
    finally:
        for number in (reading, *output):
            os.close(number)
    return os.fdopen(writing, "wb")


def _gone(server: psutil.Process) -> None:
    """Whoever started it may be slow to notice."""
    until = time.monotonic() + PATIENCE_S
    while server.is_running() and server.status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > until:
            raise UnavailableError("the database server does not stop, so it is not drilled")
        time.sleep(0.01)


def _wait(url: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            psycopg.connect(url, connect_timeout=_CONNECT_S).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > until:
                raise UnavailableError(
                    f"the database server does not answer again after the drill: {str(error).strip()}",
                    hint="look into its own log, and start it",
                ) from error
            time.sleep(0.05)
        else:
            return
