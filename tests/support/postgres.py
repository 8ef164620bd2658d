"""A PostgreSQL of one's own: on a port that nobody else is given, in a temporary folder, ended by its id."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from support import ports

SETTINGS = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60"),
    # what the planner knows is the same in each run, and nobody is in a database that is to be copied
    "autovacuum=off",
)
OWNER = "studio"
PATIENCE_S = 60


class MissingError(Exception):
    """There is no PostgreSQL here, and why."""


@dataclass(frozen=True)
class Server:
    port: int

    def url(self, name: str) -> str:
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{name}"

    def copy(self, source: str, name: str) -> str:
        """A database like `source`, in which nobody may be; its URL."""
        with self._connected() as connection:
            # in half the time that the log would take; before 15 it was the only way
            files = " STRATEGY FILE_COPY" if connection.info.server_version >= 150000 else ""
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {source}{files}")
        return self.url(name)

    def drop(self, name: str) -> None:
        with self._connected() as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _connected(self) -> psycopg.Connection:
        return psycopg.connect(self.url("postgres"), autocommit=True)


def program(name: str) -> Path:
    """Debian keeps them beside the version, out of the way of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if found:
        return found[-1]
    on_path = shutil.which(name)
    if on_path is None:
        raise MissingError(f"{name} is not installed (apt-get install postgresql)")
    return Path(on_path)


@contextlib.contextmanager
def running(source: Path | None = None, *, keep: Path | None = None) -> Iterator[Server]:
    """A server on a copy of the data in `source`, or on empty data, which go to `keep` in the end.

    PostgreSQL refuses to run as root, hence somebody else's temporary folder.
    """
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    data = folder / "data"
    try:
        if source is None:
            _initialise(data, folder, user)
        else:
            subprocess.run(["cp", "-a", source, data], check=True)
        if user is not None:
            shutil.chown(folder, user)
        with ports.claimed() as port, _process(data, folder, user, port):
            yield Server(port)
        if keep is not None:
            shutil.move(data, keep)
    finally:
        shutil.rmtree(folder)


def _initialise(data: Path, folder: Path, user: str | None) -> None:
    if user is not None:
        shutil.chown(folder, user)
    how = ("-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    command = [program("initdb"), "-D", data, *how]
    done = subprocess.run(command, user=user, capture_output=True, text=True, check=False, cwd=folder)
    if done.returncode:
        raise MissingError(f"initdb failed: {done.stderr.strip()[-500:]}")


@contextlib.contextmanager
def _process(data: Path, folder: Path, user: str | None, port: int) -> Iterator[None]:
    options = [word for setting in SETTINGS for word in ("-c", setting)]
    command = [program("postgres"), "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder, *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, user=user, stdout=log, stderr=log, cwd=folder)
    try:
        _wait(process, port, folder)
        yield
    finally:
        process.send_signal(signal.SIGINT)  # the fast way down, which doesn't wait for clients
        process.wait(PATIENCE_S)


def _wait(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    ready = [program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port), "-U", OWNER]
    while subprocess.run(ready, check=False).returncode:
        if process.poll() is not None or time.monotonic() > deadline:
            raise MissingError(f"postgres does not start: {(folder / 'log').read_text()[-500:]}")
        time.sleep(0.05)


def _user() -> str | None:
    if os.geteuid():
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
