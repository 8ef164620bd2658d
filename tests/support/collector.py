"""A real OpenTelemetry collector, Rotel: it reads what it is sent, and sends it on to a receiver of ours."""

from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from support import ports
from support.edging import until


def _program() -> Path | None:
    """Nothing is imported: only the wheel's program is wanted."""
    found = importlib.util.find_spec("rotel")
    program = Path(found.origin).with_name("rotel-agent") if found and found.origin else None
    return program if program and program.exists() else None


PROGRAM = _program()
needed = pytest.mark.skipif(
    PROGRAM is None, reason="there is no collector: rotel has no wheel for this machine and Python"
)


@dataclass
class Collector:
    """`start` and `kill` as often as wanted, on the same ports. What it hasn't sent on yet dies with it."""

    folder: Path
    onward: str
    http: str
    grpc: str
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"http://{self.http}"

    @property
    def log(self) -> Path:
        return self.folder / "collector.log"

    def start(self) -> None:
        """Its gRPC listener can't be turned off, so that has a port of its own too."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(str(PROGRAM), "start", "--log-format=json"),
                    *("--otlp-http-endpoint", self.http, "--otlp-grpc-endpoint", self.grpc),
                    *("--exporter=otlp", "--otlp-exporter-protocol=http"),
                    *("--otlp-exporter-endpoint", self.onward, "--batch-timeout=50ms"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={"TOKIO_WORKER_THREADS": "1"},
            )
        until(self._answers, "the collector to answer")

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait(60)
            self._process = None

    def _answers(self) -> bool:
        assert self._process
        assert self._process.poll() is None, self.log.read_text()
        try:
            return bool(httpx.get(self.url, timeout=2).status_code)
        except httpx.HTTPError:
            return False


@contextmanager
def running(folder: Path, onward: str) -> Iterator[Collector]:
    with ports.claimed() as http, ports.claimed() as grpc:
        made = Collector(folder, onward, f"127.0.0.1:{http}", f"127.0.0.1:{grpc}")
        try:
            made.start()
            yield made
        finally:
            made.kill()
