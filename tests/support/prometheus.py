"""Debian's real Prometheus, which takes remote writes and answers questions."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from support import ports
from support.edging import until

needed = pytest.mark.skipif(not shutil.which("prometheus"), reason="prometheus isn't installed")


@dataclass
class Prometheus:
    """`start` and `stop` as often as wanted; what it took is kept."""

    folder: Path
    port: int
    flags: tuple[str, ...] = ()
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def write(self) -> str:
        return f"{self.address}/api/v1/write"

    def start(self) -> None:
        config = self.folder / "prometheus.yml"
        if not config.exists():
            config.write_text("scrape_configs: []\n")
        with (self.folder / "prometheus.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *("prometheus", f"--config.file={config}", f"--storage.tsdb.path={self.folder / 'data'}"),
                    *(f"--web.listen-address=127.0.0.1:{self.port}", "--web.enable-remote-write-receiver"),
                    *("--storage.tsdb.wal-segment-size=10MB", *self.flags),
                ],
                stdout=log,
                stderr=log,
                env={"PATH": "/usr/bin:/bin", "GOMAXPROCS": "1"},
            )
        until(self._is_ready, "Prometheus to be ready", 60)

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(30)
            self._process = None

    def ask(self, query: str, at: float | None = None) -> list[tuple[dict[str, str], float]]:
        """Labels and value of each series of an instant query."""
        found = self._answer(query=query, time=at if at is not None else time.time())
        return [(one["metric"], float(one["value"][1])) for one in found]

    def samples(self, selector: str, at: float, window_s: int) -> list[tuple[float, float]]:
        """Time and value of each sample of the one series in the window up to then."""
        found = self._answer(query=f"{selector}[{window_s}s]", time=at)
        return [(float(moment), float(value)) for moment, value in found[0]["values"]] if found else []

    def get(self, path: str, **asked: Any) -> Any:
        """The data of an answer of its HTTP API."""
        answer = httpx.get(f"{self.address}{path}", params=asked, timeout=60)
        answer.raise_for_status()
        return answer.json()["data"]

    def _answer(self, **asked: Any) -> list[dict[str, Any]]:
        return self.get("/api/v1/query", **asked)["result"]

    def _is_ready(self) -> bool:
        assert self._process
        assert self._process.poll() is None, (self.folder / "prometheus.log").read_text()
        try:
            return httpx.get(f"{self.address}/-/ready", timeout=2).is_success
        except httpx.HTTPError:
            return False


@contextmanager
def running(folder: Path, *flags: str) -> Iterator[Prometheus]:
    with ports.claimed() as port:
        made = Prometheus(folder, port, flags)
        try:
            made.start()
            yield made
        finally:
            made.stop()
