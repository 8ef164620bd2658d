"""The text for scrapers on a port of this machine, and the real Prometheus that scrapes it."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

from portico.watch.export import openmetrics
from support import ports


@contextlib.contextmanager
def served(render: Callable[[], bytes]) -> Iterator[str]:
    """The server's host and port; every path is answered with what `render` gives."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = render()
            self.send_response(200)
            self.send_header("content-type", openmetrics.CONTENT_TYPE)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def prometheus(folder: Path, target: str) -> Iterator[str]:
    """Prometheus, scraping `target` each second: its own host and port. Ended with the block."""
    with ports.claimed() as port, _scraping(folder, target, port):
        yield f"127.0.0.1:{port}"


@contextlib.contextmanager
def _scraping(folder: Path, target: str, port: int) -> Iterator[None]:
    config = folder / "prometheus.yml"
    config.write_text(
        "global: {scrape_interval: 1s}\n"
        f"scrape_configs: [{{job_name: portico, static_configs: [{{targets: ['{target}']}}]}}]\n"
    )
    command = [
        "prometheus",
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with (
        (folder / "prometheus.log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as running,
    ):
        try:
            yield
        finally:
            running.terminate()
            running.wait(60)


def asked(address: str, path: str, **query: str) -> Any:
    """What its API answers, or None while it doesn't yet."""
    words = "&".join(f"{name}={quote(value)}" for name, value in query.items())
    try:
        with urlopen(f"http://{address}/api/v1/{path}?{words}", timeout=60) as answer:
            return json.load(answer)["data"]
    except OSError:
        return None


def in_the_older_format(text: str) -> str:
    """The same in Prometheus' own text format, where a counter's type stands under its whole name."""
    counters = set(re.findall(r"^# TYPE (\S+) counter$", text, re.MULTILINE))
    lines = []
    for line in text.splitlines():
        words = line.split(" ", 3)
        if words[:2] in (["#", "UNIT"], ["#", "EOF"]):
            continue
        if words[0] == "#" and words[2] in counters:
            words[2] += "_total"
        lines.append(" ".join(words))
    return "\n".join([*lines, ""])
