"""A replica's validators, held by the cache that stands before it: real HAProxy."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import replicas
from support.variedsite import Served

CONFIG = """
global
    nbthread 1
cache pages
    total-max-size 16
    max-object-size 1000000
    process-vary on
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
listen edge
    bind 127.0.0.1:{port}
    http-request cache-use pages
    http-response cache-store pages
    server a1 unix@{socket}
"""


@pytest.fixture
def port(served: Served, tmp_path: Path) -> Iterator[int]:
    if shutil.which("haproxy") is None:
        pytest.skip("haproxy is not installed")
    with socket.create_server(("127.0.0.1", 0)) as chosen:
        port = chosen.getsockname()[1]
    config = tmp_path / "edge.cfg"
    short = tmp_path / "r"
    short.symlink_to(served.replica.socket)
    config.write_text(CONFIG.format(port=port, socket=short))
    process = subprocess.Popen(["haproxy", "-db", "-f", str(config)])
    try:
        replicas.wait_until(lambda: accepts(port))
        yield port
    finally:
        replicas.end(process)


def accepts(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


def ask(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(
            "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = connection.getresponse()
        response.read()
        return response
    finally:
        connection.close()


def asked(served: Served) -> int:
    """How many visitors' requests reached the replica."""
    lines = served.replica.ask("/-/metrics").body.decode().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("portico_replica_requests_total"))


@pytest.mark.parametrize("coding", ["identity", "br", "gzip"])
def test_the_cache_answers_by_itself_that_a_cached_variant_is_unchanged(
    served: Served, port: int, coding: str
):
    path = f"/{served.snapshot}/"
    tag = ask(port, path, accept_encoding=coding).getheader("etag")
    assert tag is not None
    before = asked(served)
    assert ask(port, path, accept_encoding=coding).status == 200
    assert ask(port, path, accept_encoding=coding, if_none_match=tag).status == 304
    assert ask(port, path, accept_encoding=coding, if_none_match=f'"x", {tag}').status == 304
    assert ask(port, path, accept_encoding=coding, if_none_match='"x"').status == 200
    assert asked(served) == before


def test_the_cache_keeps_the_codings_apart(served: Served, port: int):
    path = f"/{served.snapshot}/"
    for _ in range(2):
        for coding in ("br", "gzip", "identity"):
            found = ask(port, path, accept_encoding=coding).getheader("content-encoding", "identity")
            assert found == coding


def test_what_is_not_found_is_not_kept(served: Served, port: int):
    before = asked(served)
    for _ in range(3):
        assert ask(port, f"/{served.snapshot}/nothing").status == 404
    assert asked(served) == before + 3
