"""A real studio, `python -m portico.studio serve`, on a folder of its own; ended by its id."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support import ports, studios

PATIENCE = 90.0


@dataclass(frozen=True)
class LiveStudio:
    """`url` is what editors open, `run` holds the sockets, `log` what the processes said."""

    process: subprocess.Popen[bytes]
    url: str
    data: Path
    run: Path

    @property
    def log(self) -> str:
        return (self.run / "log").read_text()

    def ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """The private API."""
        connection = _Unix(self.run / "back.sock")
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def wait(self) -> None:
        """Until both answer."""
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the studio does not answer: {self.log[-2000:]}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        host, port = self.url.removeprefix("http://").strip("/").split(":")
        with contextlib.suppress(OSError):
            socket.create_connection((host, int(port)), 1).close()
            return self.ask("GET", "/live")[0] == 200
        return False


@contextlib.contextmanager
def running(data: Path, database: str = "", told: Mapping[str, str] | None = None) -> Iterator[LiveStudio]:
    """`told` are more variables of its environment."""
    run = Path(tempfile.mkdtemp(prefix="run-", dir="/tmp"))  # a socket's path must be short
    with ports.claimed() as port:
        studio = _begin(data, run, port, studios.environment(data, database) | dict(told or {}))
        try:
            studio.wait()
            yield studio
        finally:
            _end(studio.process)
            shutil.rmtree(run, ignore_errors=True)


def _begin(data: Path, run: Path, port: int, told: Mapping[str, str]) -> LiveStudio:
    url = f"http://localhost:{port}/"
    where = {"RUN": str(run), "PORT": str(port), "ADDRESS": url}
    environment = {f"PORTICO_STUDIO_{name}": value for name, value in where.items()} | dict(told)
    command = [sys.executable, "-m", "portico.studio", "serve"]
    with (run / "log").open("wb") as log:
        process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, cwd=run, start_new_session=True
        )
    return LiveStudio(process, url, data, run)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(30)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # its session is its own: nobody else is in it
    process.wait(60)


class _Unix(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("studio", timeout=60)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))
