"""A real replica process on a unix socket, and a client that asks it as the edge does."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portico.kit import unixsocket

PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Reply:
    """`headers` are lower-case; one that came twice is joined by a comma."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Replica:
    socket: Path
    log: Path
    process: subprocess.Popen[bytes]

    def ask(self, target: str, method: str = "GET", **headers: str) -> Reply:
        """`accept_encoding="br"` is sent as `accept-encoding: br`; nothing is sent that isn't given."""
        return ask(self.socket, target, method, **headers)

    def live(self) -> dict[str, Any]:
        return json.loads(self.ask("/-/live").body)

    def refused(self) -> set[str]:
        return {item["file"] for item in self.live()["refused"]}

    def resident(self) -> int:
        """Bytes of memory that the process holds."""
        samples = dict(
            line.split(" ", 1)
            for line in self.ask("/-/metrics").body.decode().splitlines()
            if not line.startswith("#")
        )
        return int(samples["portico_replica_resident_memory_bytes"])


def ask(socket: Path, target: str, method: str = "GET", **headers: str) -> Reply:
    connection = unixsocket.HTTPConnection(socket, PATIENCE_S)
    try:
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        response = connection.getresponse()
        body = response.read()
        found: dict[str, str] = {}
        for name, value in response.getheaders():
            known = found.get(name.lower())
            found[name.lower()] = f"{known}, {value}" if known else value
        return Reply(response.status, found, body)
    finally:
        connection.close()


def command(store: Path, key: Path, socket: Path, *more: str) -> list[str]:
    flags = ["--store", str(store), "--key", str(key), "--socket", str(socket), "--name", "a1"]
    return [sys.executable, "-m", "portico.replica", *flags, *more]


@contextlib.contextmanager
def running(
    store: Path, key: Path, folder: Path, *more: str, before: Sequence[str] = ()
) -> Iterator[Replica]:
    """A replica that answers, with its socket and log in `folder`; `before` is a command to run it under."""
    log = folder / "replica.log"
    socket = folder / "http.sock"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*before, *command(store, key, socket, *more)], cwd=folder, stderr=output, stdout=output
        )
    replica = Replica(socket, log, process)
    try:
        wait_until(lambda: _answers(replica), log.read_text)
        yield replica
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
    process.wait(PATIENCE_S)


def wait_until(true: Any, why: Any = lambda: "") -> None:
    """Ask `true` again and again until it is; fails after a patience that no healthy machine needs."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"it did not come true: {why()}")
        time.sleep(0.01)


def _answers(replica: Replica) -> bool:
    if replica.process.poll() is not None:
        raise AssertionError(f"the replica ended: {replica.log.read_text()}")
    try:
        return replica.live()["pid"] > 0
    except OSError:
        return False
