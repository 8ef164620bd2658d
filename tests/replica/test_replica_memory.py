"""A replica's memory does not grow with the site, nor with what is asked of it."""

from __future__ import annotations

import contextlib
import random
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portico.kit import unixsocket
from portico.model import Entry
from portico.store.layout import Store
from support import replicas, snapshots

MIB = 1 << 20
MOST = 60 * MIB
PATHS = 40_000


class Zeros:
    """A source of so many bytes, without holding them."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int) -> bytes:
        now = min(size, self.left)
        self.left -= now
        return bytes(now)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how much is resident at the moment")
def test_a_large_site_and_a_large_body_fit_into_sixty_mebibytes(
    store: Store, keys: snapshots.Keys, tmp_path: Path
):
    film = store.put_stream(Zeros(256 * MIB))  # type: ignore[arg-type]
    page = store.put(b"page")
    headers = (("content-type", "text/html"), ("x-frame-options", "DENY"))
    entries = {
        f"/section/{number}/a-page-with-a-name": Entry(200, headers, page.digest, 4)
        for number in range(PATHS)
    }
    entries["/film.mp4"] = Entry(200, (("content-type", "video/mp4"),), film.digest, film.size)
    snapshot = snapshots.publish(store, keys.private, entries)
    paths = random.Random(7).sample(sorted(entries.keys() - {"/film.mp4"}), 1500)
    with replicas.running(store.root, keys.public_file, tmp_path) as replica:
        for path in paths:
            assert replica.ask(f"/{snapshot}{path}").body == b"page"
            assert replica.ask(f"/{snapshot}{path}/not").status == 404
        with ThreadPoolExecutor(4) as pool:
            films = list(pool.map(lambda _: len(replica.ask(f"/{snapshot}/film.mp4").body), range(4)))
        assert films == [film.size] * 4
        assert replica.ask(f"/{snapshot}/film.mp4", range="bytes=-5").body == bytes(5)
        assert replica.resident() < MOST


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how much is resident at the moment")
def test_a_visitor_who_does_not_read_on_holds_a_piece_of_the_body_at_most(
    store: Store, keys: snapshots.Keys, tmp_path: Path
):
    film = store.put_stream(Zeros(32 * MIB))  # type: ignore[arg-type]
    entry = Entry(200, (("content-type", "video/mp4"),), film.digest, film.size)
    snapshot = snapshots.publish(store, keys.private, {"/film.mp4": entry})
    with (
        replicas.running(store.root, keys.public_file, tmp_path) as replica,
        contextlib.ExitStack() as waiting,
    ):
        assert replica.ask(f"/{snapshot}/film.mp4").status == 200
        before = replica.resident()
        for _ in range(100):
            waiting.enter_context(slow_visitor(replica, f"/{snapshot}/film.mp4"))
        assert replica.resident() - before < 100 * MIB // 2


def slow_visitor(replica: replicas.Replica, target: str) -> socket.socket:
    """Somebody who asks and does not read on."""
    asking = unixsocket.connect(replica.socket, 30)
    asking.sendall(f"GET {target} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
    assert asking.recv(12) == b"HTTP/1.1 200"
    return asking
