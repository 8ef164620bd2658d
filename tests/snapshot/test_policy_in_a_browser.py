"""The default policy lets a page's own scripts and styles run, and nothing else, says a real browser."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from portico.snapshot import headers, pages, policy

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PAGE = (
    "<!doctype html><meta charset=utf-8><style>\r\n#a { color: rgb(1, 2, 3) }\r\n</style>"
    "<body onload=\"document.body.dataset.load = 'é'\"><p id=a>a</p><p id=b style='color: rgb(4, 5, 6)'>b</p>"
    "<svg><style>#c{fill:rgb(7,8,9)}</style><rect id=c /></svg><script>\r\n// é &amp;\r\n"
    "const color = (id) => getComputedStyle(document.getElementById(id));\r\n"
    "document.title = [color('a').color, color('b').color, color('c').fill].join('|')\r\n</script>"
    "<script type=module>document.body.dataset.module = 'ran'</script>"
).encode()


@contextmanager
def served(body: bytes, sent: tuple[tuple[str, str], ...]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            for name, value in (*sent, ("content-length", str(len(body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    # a browser opens connections that it doesn't use; one at a time would wait for them
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def rendered(body: bytes, profile: Path) -> str:
    """The page's markup after a browser ran it, under the policy that belongs to `PAGE`."""
    facts = pages.parse(PAGE, "/").facts
    sent = policy.headers_of(policy.Subject(("/",), "index.html", facts), headers.Rules())
    options = (
        "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --dump-dom"
    )
    with served(body, sent) as address:
        command = [
            str(CHROMIUM),
            *options.split(),
            f"--user-data-dir={profile}",
            "--virtual-time-budget=2000",
        ]
        done = subprocess.run([*command, address], capture_output=True, text=True, timeout=110, check=True)
    return done.stdout


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")
def test_what_the_page_brings_runs_and_what_was_slipped_in_does_not(tmp_path):
    slipped_in = (
        b"<script>document.body.dataset.evil = 'ran'</script><img src=data:, onerror='document.title = 1'>"
    )
    found = rendered(PAGE + slipped_in, tmp_path)
    title = re.search(r"<title>(.*)</title>", found)
    assert title
    assert title[1] == "rgb(1, 2, 3)|rgb(4, 5, 6)|rgb(7, 8, 9)"
    assert 'data-module="ran"' in found
    assert 'data-load="é"' in found
    assert "data-evil=" not in found
